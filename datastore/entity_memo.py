"""Entities of items that are read from a cache again and again."""

from collections import OrderedDict
from typing import Any, Final, TypeAlias, TypeVar

from datastore.entities.entity import Entity
from datastore.operations import Item

E = TypeVar("E", bound=Entity)
_Place: TypeAlias = tuple[Any, Any]
_SIZE: Final = 10_000


class EntityMemo:
    """An item that is the very same object is validated once, until one is read anew from its place.

    So what a cache has long forgotten is not kept here; at most `size` are.
    """

    def __init__(self, *, size: int = _SIZE) -> None:
        self._size = size
        self._known: OrderedDict[_Place, tuple[Item, Entity]] = OrderedDict()

    def entity(self, kind: type[E], item: Item) -> E:
        """Raises CorruptItem."""
        place = item.get("PK"), item.get("SK")
        known = self._known.get(place)
        if known is not None and known[0] is item:
            return known[1]  # type: ignore[return-value] # a cast would be a call
        entity = kind.from_item(item)
        self._known[place] = (item, entity)
        self._known.move_to_end(place)
        if len(self._known) > self._size:
            self._known.popitem(last=False)
        return entity
