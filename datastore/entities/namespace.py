"""A namespace, seen from three sides: itself, its owner's and members' grants, and its list of members."""

from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, Seconds, partition_of, sort_of
from datastore.grants import Grant, NamespaceRole, NamespaceStatus

_Role = Annotated[NamespaceRole, Field(strict=False)]
_Status = Annotated[NamespaceStatus, Field(strict=False)]


class NamespaceEntity(Entity):
    """NS#{namespace} / METADATA. While it goes, `members_until` is when the last member's grant was taken away."""

    entity_types: ClassVar = ("NAMESPACE",)

    pk: Annotated[str, partition_of(AccessPattern.GET_NAMESPACE)]
    sk: Literal["METADATA"]
    gsi4_pk: Annotated[str | None, partition_of(AccessPattern.LIST_BY_STATUS)] = None
    gsi4_sk: str | None = None
    namespace: str
    owner_id: str
    description: str | None = None
    status: _Status = NamespaceStatus.ACTIVE
    deleting_since: Seconds | None = None
    lease_until: Seconds | None = None
    members_until: Seconds | None = None
    write_id: str | None = None


class GrantEntity(Entity):
    """USER#{user_id} / NS#{namespace}: what a user may do in a namespace; `owner_id` where it is another's."""

    entity_types: ClassVar = ("NAMESPACE",)  # as the seed's UserEntity has it

    pk: Annotated[str, partition_of(AccessPattern.GET_GRANT)]
    sk: Annotated[str, sort_of(AccessPattern.GET_GRANT)]
    namespace: str
    user_id: str
    owner_id: str | None = None
    role: _Role
    status: _Status = NamespaceStatus.ACTIVE

    def grant(self) -> Grant:
        return self._grant

    @cached_property
    def _grant(self) -> Grant:
        return Grant(self.user_id, self.namespace, self.role, self.status, self.owner_id)


class MemberEntity(Entity):
    """NS#{namespace} / MEMBER#{user_id}: the namespace's own list of who may do what."""

    entity_types: ClassVar = ("MEMBER",)

    pk: Annotated[str, partition_of(AccessPattern.GET_MEMBER)]
    sk: Annotated[str, sort_of(AccessPattern.GET_MEMBER)]
    user_id: str
    email: str | None = None
    role: _Role
