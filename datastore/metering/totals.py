"""What a user has used, as the items of user-quotas have it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from datastore.access_patterns import AccessPattern
from datastore.entities.quota import AssignmentEntity, StorageEntity, UsageEntity
from datastore.entities.user import Plan
from datastore.operations import Item, Query

MOST_ITEMS = 20_000  # a page for get_page: the largest tier's namespaces and a shard for each of many processes


@dataclass(frozen=True)
class Totals:
    """`requests` are those of `month`; `plan` is None where no tier has been assigned."""

    month: str
    plan: Plan | None = None
    namespaces: int = 0
    requests: int = 0
    storage: Mapping[str, StorageEntity] = field(default_factory=dict)

    @classmethod
    def of(cls, items: Iterable[Item], month: str) -> "Totals":
        """Raises CorruptItem."""
        assignment, requests, storage = None, 0, {}
        for item in items:
            match item.get("entityType"):
                case "USAGE":
                    requests += UsageEntity.from_item(item).request_count
                case "STORAGE":
                    stored = StorageEntity.from_item(item)
                    storage[stored.namespace] = stored
                case _:
                    assignment = AssignmentEntity.from_item(item)
        if assignment is None:
            return cls(month, requests=requests, storage=storage)
        return cls(month, assignment.tier, assignment.namespaces, requests, storage)

    @cached_property
    def storage_bytes(self) -> int:
        return sum(stored.storage_bytes for stored in self.storage.values())


def list_totals(user_id: str, month: str) -> Query:
    """In one query: usage of the month, the assignment and the storage stand side by side, in this order."""
    return Query(AccessPattern.LIST_USAGE.since(low=month, user_id=user_id), MOST_ITEMS, consistent=True)
