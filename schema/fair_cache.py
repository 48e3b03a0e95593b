"""A bounded cache that its users share without pushing one another out."""

from collections import OrderedDict, defaultdict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class FairCache(Generic[K, V]):
    """When it is full, whoever holds most makes room, by what he has not used for longest.

    An entry counts for the one who first put it, but is found by all who know its key.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: dict[K, tuple[Hashable, V]] = {}
        self._held: defaultdict[Hashable, OrderedDict[K, None]] = defaultdict(OrderedDict)

    def get(self, key: K) -> V | None:
        if key not in self._entries:
            return None
        owner, value = self._entries[key]
        self._held[owner].move_to_end(key)
        return value

    def put(self, key: K, value: V, *, owner: Hashable) -> None:
        """An entry that is there already is left as it is: entries follow from their keys."""
        if key in self._entries:
            return
        self._entries[key] = owner, value
        self._held[owner][key] = None
        if len(self._entries) > self._capacity:
            self._make_room()

    def _make_room(self) -> None:
        owner = max(self._held, key=lambda each: len(self._held[each]))
        key, _ = self._held[owner].popitem(last=False)
        del self._entries[key]
        if not self._held[owner]:
            del self._held[owner]
