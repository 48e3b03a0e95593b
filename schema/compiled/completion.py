"""Completes values below which no resolver stands: one function for each type and selection.

The functions answer what graphql-core would. They raise where it would do anything but answer: report an error,
put null in the place of one, or wait. What they raise does not matter; graphql-core then completes the same value.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLOutputType,
    GraphQLString,
    Undefined,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from schema.compiled.plan import Complete
from schema.settled import FLAG, INT, TEXT, Settled

# Of which Python type a value goes out as it is; anything else the scalar converts or refuses.
_SETTLED_TYPES: Final[Mapping[Any, Settled]] = {
    GraphQLString: TEXT,
    GraphQLID: TEXT,
    GraphQLBoolean: FLAG,
    GraphQLInt: INT,
}
_SETTLED: Final = frozenset({str, int, float, bool, dict, list})


class Unusual(Exception):  # noqa: N818 - exceptions here say what went wrong, without "Error"
    """Not a value that can be completed here."""


def completer(type_: GraphQLOutputType, objects: Complete | None) -> Complete | None:
    """Completes values of a type; `objects` completes those in it. None where that takes graphql-core."""
    if is_non_null_type(type_):
        inner = completer(type_.of_type, objects)
        return inner and _not_null(inner)
    if is_list_type(type_):
        inner = completer(type_.of_type, objects)
        return inner and _list_of(inner)
    if is_leaf_type(type_):
        return _NUMBERS.get(type_) or _leaf(type_)
    return objects if is_object_type(type_) else None


def settled_by_type(type_: GraphQLOutputType) -> Settled | None:
    """Which values need no completion at all, if there are any."""
    return _SETTLED_TYPES.get(type_.of_type if is_non_null_type(type_) else type_)


def check_settled(value: Any) -> None:
    """Raises Unusual for what graphql-core does not take as a value."""
    if value is Undefined or isinstance(value, Exception) or hasattr(value, "__await__"):
        raise Unusual


def _not_null(complete: Complete) -> Complete:
    def complete_not_null(value: Any) -> Any:
        completed = complete(value)
        if completed is None:
            raise Unusual
        return completed

    return complete_not_null


def _list_of(complete: Complete) -> Complete:
    def complete_list(value: Any) -> Any:
        if type(value) is list or type(value) is tuple:
            return [complete(item) for item in value]
        if value is None:
            return None
        raise Unusual

    return complete_list


def _leaf(type_: GraphQLLeafType) -> Complete:
    coerce = type_.coerce_output_value

    def complete_leaf(value: Any) -> Any:
        if value is None:
            return None
        if type(value) not in _SETTLED:
            check_settled(value)
        coerced = coerce(value)
        if type(coerced) not in _SETTLED:
            check_settled(coerced)
            if coerced is None:
                raise Unusual
        return coerced

    return complete_leaf


def _int(value: Any) -> Any:
    if value is None or (type(value) is int and GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT):
        return value
    return _any_int(value)


def _float(value: Any) -> Any:
    if value is None or (type(value) is float and isfinite(value)):
        return value
    return _any_float(value)


_any_int = _leaf(GraphQLInt)
_any_float = _leaf(GraphQLFloat)
_NUMBERS: Final[Mapping[Any, Complete]] = {GraphQLInt: _int, GraphQLFloat: _float}
