"""Marks fields whose values are checked when their object is made, and go out as they are."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from graphql import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT
from strawberry.types.field import StrawberryField

_MARK: Final = "kv.settled"


class Settled(NamedTuple):
    """Values of exactly this Python type, and within these bounds where there are any, go out as they are."""

    type: type
    least: int | None = None
    greatest: int | None = None


TEXT: Final = Settled(str)
FLAG: Final = Settled(bool)
INT: Final = Settled(int, GRAPHQL_MIN_INT, GRAPHQL_MAX_INT)


def settled(type_: type, least: int | None = None, greatest: int | None = None) -> Mapping[str, Any]:
    """For a field's metadata; any other value is completed as its scalar has it."""
    return {_MARK: Settled(type_, least, greatest)}


def settled_by_mark(field: StrawberryField) -> Settled | None:
    mark: Settled | None = field.metadata.get(_MARK)
    return mark
