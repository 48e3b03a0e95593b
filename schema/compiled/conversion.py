"""From GraphQL arguments to what Strawberry's resolvers take: input objects as instances, lists as copies.

Strawberry finds out how for each value of each request; here it is found out once for each argument.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from strawberry.relay import GlobalID
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryContainer, StrawberryMaybe, StrawberryObjectDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

from schema.compiled.plan import NotPlanned

BACKREF: Final = "strawberry-definition"  # where Strawberry leaves its own in graphql-core's definitions
Convert = Callable[[Any], Any]


def argument_converters(arguments: Mapping[str, GraphQLArgument]) -> list[tuple[str, str, Convert | None]]:
    """The GraphQL name, the Python name and the conversion, None where the value is taken as it is.

    Raises NotPlanned for what only Strawberry can convert.
    """
    return [(name, _python_name(each), _converter(each.type)) for name, each in arguments.items()]


def _python_name(value: GraphQLArgument | GraphQLInputField) -> str:
    definition = value.extensions.get(BACKREF)
    if not isinstance(definition, StrawberryArgument | StrawberryField) or value.out_name:
        raise NotPlanned
    type_: Any = definition.type
    while isinstance(type_, StrawberryContainer):
        if isinstance(type_, StrawberryMaybe):
            raise NotPlanned
        type_ = type_.of_type
    if type_ is GlobalID or isinstance(type_, LazyType) or not definition.python_name:
        raise NotPlanned
    return definition.python_name


def _converter(type_: GraphQLInputType) -> Convert | None:
    if is_non_null_type(type_):
        return _converter(type_.of_type)
    if is_list_type(type_):
        item = _converter(type_.of_type)
        return _or_none((lambda value: [item(each) for each in value]) if item else list)
    if is_leaf_type(type_):
        return None
    if isinstance(type_, GraphQLInputObjectType):
        return _or_none(_object_converter(type_))
    raise NotPlanned


def _or_none(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _object_converter(type_: GraphQLInputObjectType) -> Convert:
    definition = type_.extensions.get(BACKREF)
    if not isinstance(definition, StrawberryObjectDefinition) or definition.from_input or definition.concrete_of:
        raise NotPlanned
    make: Callable[..., Any] = definition.origin
    absent = {
        each.python_name: None
        for each in definition.fields
        if each.default_value is MISSING and each.default_factory is MISSING
    }
    fields = {name: (_python_name(each), _converter(each.type)) for name, each in type_.fields.items()}

    def convert(value: Mapping[str, Any]) -> Any:
        given = absent.copy()
        for name, member in value.items():
            python_name, part = fields[name]
            given[python_name] = part(member) if part else member
        return make(**given)

    return convert
