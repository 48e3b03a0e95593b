"""Values of variables, coerced by functions that are made once for each type: what graphql-core's coerce_input_value
answers, which takes over wherever a value is not simply of its type."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_value

Coerce = Callable[[Any], Any]

_SAME: Final[Mapping[Any, type]] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}
_LEFT_TO_GRAPHQL_CORE: Final = suppress(Exception)  # it has no state: one serves all
_IMMUTABLE: Final = (str, int, float, bool, type(None), type(Undefined))


def coercer(type_: GraphQLInputType) -> Coerce:
    """Answers Undefined where a value does not fit."""
    if is_non_null_type(type_):
        return _not_null(coercer(type_.of_type))
    if is_list_type(type_):
        return _list_of(coercer(type_.of_type), type_)
    if isinstance(type_, GraphQLInputObjectType):
        return _object(type_)
    if type_ is GraphQLInt:
        return _int
    if same := _SAME.get(type_):
        return _taken_as(same, type_)
    return _leaf(type_) if is_leaf_type(type_) else lambda value: coerce_input_value(value, type_)


def _leaf(type_: GraphQLLeafType) -> Coerce:
    parse = type_.coerce_input_value

    def coerce_leaf(value: Any) -> Any:
        if value is None or value is Undefined:
            return None
        with _LEFT_TO_GRAPHQL_CORE:  # which meets it again, and reports it
            return parse(value)
        return Undefined

    return coerce_leaf


def _not_null(coerce: Coerce) -> Coerce:
    return lambda value: Undefined if value is None else coerce(value)


def _taken_as(same: type, type_: GraphQLInputType) -> Coerce:
    return lambda value: value if type(value) is same else coerce_input_value(value, type_)


def _int(value: Any) -> Any:
    if type(value) is int and GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT:
        return value
    return coerce_input_value(value, GraphQLInt)


def _list_of(coerce: Coerce, type_: GraphQLInputType) -> Coerce:
    def coerce_list(value: Any) -> Any:
        if type(value) is not list:
            return coerce_input_value(value, type_)
        elements = [coerce(each) for each in value]
        return Undefined if any(each is Undefined for each in elements) else elements

    return coerce_list


class _Member(NamedTuple):
    """`absent`: its value where it is not given, Undefined for none."""

    out_name: str
    coerce: Coerce
    absent: Any


def _object(type_: GraphQLInputObjectType) -> Coerce:
    def left_to_graphql_core(value: Any) -> Any:
        return coerce_input_value(value, type_)

    defaults = {name: coerce_default_value(each) for name, each in type_.fields.items()}
    # What a resolver might change is made anew for each request, which graphql-core does.
    if type_.is_one_of or not all(isinstance(each, _IMMUTABLE) for each in defaults.values()):
        return left_to_graphql_core
    members = {name: _member(name, each, defaults[name]) for name, each in type_.fields.items()}
    required = [name for name, each in type_.fields.items() if is_required_input_field(each)]
    make = type_.out_type

    def coerce_object(value: Any) -> Any:
        if type(value) is not dict or not (value.keys() <= members.keys()):
            return left_to_graphql_core(value)
        for name in required:
            if name not in value:
                return Undefined
        coerced = {}
        for name, (out_name, coerce, absent) in members.items():
            member = coerce(value[name]) if name in value else absent
            if member is not Undefined:
                coerced[out_name] = member
            elif name in value:
                return left_to_graphql_core(value)
        return make(coerced)

    return coerce_object


def _member(name: str, field: GraphQLInputField, default: Any) -> _Member:
    return _Member(field.out_name or name, coercer(field.type), default)
