"""Entities of items that are read from a cache again and again."""

from collections import OrderedDict
from typing import TypeVar

from datastore.entities.entity import Entity
from datastore.operations import Item

E = TypeVar("E", bound=Entity)


class EntityMemo:
    """An item that is the very same object is validated once. At most `size` of them are held."""

    def __init__(self, *, size: int = 20_000) -> None:
        self._size = size
        self._known: OrderedDict[int, tuple[Item, Entity]] = OrderedDict()

    def entity(self, kind: type[E], item: Item) -> E:
        """Raises CorruptItem."""
        known = self._known.get(id(item))
        if known is not None and known[0] is item:
            return known[1]  # type: ignore[return-value] # a cast would be a call
        entity = kind.from_item(item)
        self._known[id(item)] = (item, entity)
        if len(self._known) > self._size:
            self._known.popitem(last=False)
        return entity
