"""ROLE#{role} / METADATA: what the users who have a role may do beyond what is their own."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, partition_of, sort_of

EVERY_PERMISSION = "*"


class RoleEntity(Entity):
    """`permissions` are words of resolvers/permissions.py, or * for all of them. GSI1 lists the roles."""

    entity_types: ClassVar = ("ROLE",)

    pk: Annotated[str, partition_of(AccessPattern.GET_ROLE)]
    sk: Literal["METADATA"]
    gsi1_pk: Annotated[str, partition_of(AccessPattern.LIST_ROLES)]
    gsi1_sk: Annotated[str, sort_of(AccessPattern.LIST_ROLES)]
    role: str
    permissions: list[str]
    description: str | None = None
    write_id: str | None = None

    @classmethod
    def new(
        cls, role: str, created_at: str, *, permissions: Sequence[str], description: str | None = None
    ) -> "RoleEntity":
        return cls.from_item(
            AccessPattern.GET_ROLE.key(role=role).attributes()
            | AccessPattern.LIST_ROLES.entry(role=role)
            | {"entityType": "ROLE", "role": role, "createdAt": created_at, "updatedAt": created_at}
            | {"permissions": list(permissions)}
            | ({"description": description} if description else {})
        )
