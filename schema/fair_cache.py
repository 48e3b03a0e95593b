"""A bounded cache that its users share without pushing one another out."""

from collections import OrderedDict, defaultdict
from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Entry(NamedTuple, Generic[V]):
    owner: Hashable
    weight: int
    value: V


class FairCache(Generic[K, V]):
    """When it is full, whoever holds most makes room, by what he has not used for longest.

    An entry counts for the one who first put it, but is found by all who know its key. `capacity` is what all entries
    may weigh together.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._weight = 0
        self._entries: dict[K, _Entry[V]] = {}
        self._held: defaultdict[Hashable, OrderedDict[K, None]] = defaultdict(OrderedDict)
        self._weights: dict[Hashable, int] = {}

    def get(self, key: K) -> V | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._held[entry.owner].move_to_end(key)
        return entry.value

    def put(self, key: K, value: V, *, owner: Hashable, weight: int = 1) -> None:
        """An entry that is there already is left as it is: entries follow from their keys."""
        if key in self._entries:
            return
        self._entries[key] = _Entry(owner, weight, value)
        self._held[owner][key] = None
        self._weigh(owner, weight)
        while self._weight > self._capacity:
            self._make_room()

    def _make_room(self) -> None:
        owner = max(self._weights, key=self._weights.__getitem__)
        key, _ = self._held[owner].popitem(last=False)
        self._weigh(owner, -self._entries.pop(key).weight)

    def _weigh(self, owner: Hashable, weight: int) -> None:
        self._weight += weight
        self._weights[owner] = self._weights.get(owner, 0) + weight
        if not self._held[owner]:
            del self._held[owner], self._weights[owner]
