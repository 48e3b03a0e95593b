"""CONFIG / CONFIG: what administrators have set for the whole service."""

from typing import Annotated, ClassVar

from pydantic import Field

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, partition_of, sort_of
from datastore.entities.user import Plan


class ConfigEntity(Entity):
    """What an attribute is when it is absent, it is for a service that nobody has configured."""

    entity_types: ClassVar = ("CONFIG",)

    pk: Annotated[str, partition_of(AccessPattern.GET_CONFIG)]
    sk: Annotated[str, sort_of(AccessPattern.GET_CONFIG)]
    sign_up_open: bool = True
    default_plan: Annotated[Plan, Field(strict=False)] = Plan.FREE
    read_only: bool = False
    write_id: str | None = None

    @classmethod
    def new(cls, created_at: str) -> "ConfigEntity":
        return cls.from_item(
            AccessPattern.GET_CONFIG.key().attributes()
            | {"entityType": "CONFIG", "createdAt": created_at, "updatedAt": created_at}
        )
