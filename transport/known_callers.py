"""Callers whose identity follows from what is still remembered, so that it need not be worked out again."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from datastore.operations import GetItem, Item
from datastore.policies import Policies
from datastore.store import Store
from resolvers.context import Identity

_CAPACITY: Final = 10_000


Reading: TypeAlias = tuple[GetItem, Item]


@dataclass(frozen=True, slots=True)
class _Known:
    """Who an API key is, and all from which that was found out."""

    identity: Identity
    policies: Policies
    readings: Sequence[Reading]


class KnownCallers:
    """By API key. An identity counts as long as the store remembers the very items that it was made from.

    So it counts no longer than these would, and a key that is revoked, or a user who is suspended, is out at once.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def find(self, api_key: str, policies: Policies | None) -> Identity | None:
        """`policies` are those in force, where they are known without waiting."""
        known = self._known.get(api_key)
        if known is None or known.policies is not policies:
            return None
        for operation, item in known.readings:
            if self._store.recall(operation) is not item:
                return None
        return known.identity

    def remember(self, api_key: str, identity: Identity, policies: Policies, readings: Sequence[Reading]) -> None:
        self._known[api_key] = _Known(identity, policies, readings)
        if len(self._known) > _CAPACITY:
            self._known.popitem(last=False)
