"""What user-quotas holds of a user: the tier assigned, and what has been used of it."""

from typing import Annotated, ClassVar

from pydantic import Field

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, Timestamp, Whole, partition_of, sort_of
from datastore.entities.user import Plan, UserEntity
from datastore.tables import USER_QUOTAS


class AssignmentEntity(Entity):
    """USER#{user_id} / QUOTA#monthly: a user's tier, and the number of namespaces, which is exact."""

    table: ClassVar = USER_QUOTAS
    entity_types: ClassVar = ("ASSIGNMENT",)

    pk: Annotated[str, partition_of(AccessPattern.GET_ASSIGNMENT)]
    sk: Annotated[str, sort_of(AccessPattern.GET_ASSIGNMENT)]
    gsi1_pk: Annotated[str, partition_of(AccessPattern.LIST_BY_TIER)]
    gsi1_sk: Annotated[str, sort_of(AccessPattern.LIST_BY_TIER)]
    user_id: str
    tier: Annotated[Plan, Field(strict=False)]
    namespaces: Whole = 0

    @classmethod
    def of(cls, user: UserEntity) -> "AssignmentEntity":
        """A new user's, of the plan that stands on his own item."""
        return cls.from_item(
            AccessPattern.GET_ASSIGNMENT.key(user_id=user.user_id).attributes()
            | AccessPattern.LIST_BY_TIER.entry(tier=user.plan, user_id=user.user_id)
            | {"entityType": "ASSIGNMENT", "userId": user.user_id, "tier": user.plan}
            | {"createdAt": user.created_at, "updatedAt": user.created_at}
        )


class UsageEntity(Entity):
    """USER#{user_id} / QUOTA#{month}#{shard}: requests of a month, counted by one process.

    `flushed` is the number of the last flush that it holds: one that comes again is not counted again.
    """

    table: ClassVar = USER_QUOTAS
    entity_types: ClassVar = ("USAGE",)

    pk: Annotated[str, partition_of(AccessPattern.ADD_USAGE)]
    sk: Annotated[str, sort_of(AccessPattern.ADD_USAGE)]
    user_id: str
    request_count: Whole
    flushed: Whole


class StorageEntity(Entity):
    """USER#{user_id} / QUOTA#storage#{namespace}: what the keys of one of the user's namespaces take.

    Each process that adds to it leaves the number of its last flush in an attribute of its own, flushed-{shard}.
    """

    table: ClassVar = USER_QUOTAS
    entity_types: ClassVar = ("STORAGE",)

    pk: Annotated[str, partition_of(AccessPattern.ADD_STORAGE)]
    sk: Annotated[str, sort_of(AccessPattern.ADD_STORAGE)]
    user_id: str
    namespace: str
    keys: Whole
    storage_bytes: Whole
    expiring: bool = False
    counted_at: Timestamp | None = None
