"""API keys, users and grants remembered for a few seconds, so that a request need not ask for them again."""

from collections import OrderedDict
from collections.abc import Callable

from datastore.access_patterns import PrimaryKey
from datastore.operations import Item


class IdentityCache:
    """At most `size` items for at most `seconds`. What is absent is never remembered, so a new grant counts at once."""

    def __init__(self, seconds: float, *, clock: Callable[[], float], size: int = 10_000) -> None:
        self._seconds = seconds
        self._clock = clock
        self._size = size
        self._items: OrderedDict[PrimaryKey, tuple[float, Item]] = OrderedDict()
        self._reading: dict[PrimaryKey, object] = {}

    def find(self, key: PrimaryKey) -> Item | None:
        until, item = self._items.get(key, (0.0, None))
        return item if until > self._clock() else None

    def ticket(self, key: PrimaryKey) -> object:
        """Taken before a read; `remember` refuses what was read across an eviction, which may be stale."""
        return self._reading.setdefault(key, object())

    def remember(self, key: PrimaryKey, item: Item | None, ticket: object) -> None:
        if self._reading.pop(key, None) is not ticket or item is None or not self._seconds:
            return
        self._items[key] = (self._clock() + self._seconds, item)
        self._items.move_to_end(key)
        if len(self._items) > self._size:
            self._items.popitem(last=False)

    def evict(self, key: PrimaryKey) -> None:
        self._reading.pop(key, None)
        self._items.pop(key, None)
