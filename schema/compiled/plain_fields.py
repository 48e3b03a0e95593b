"""Which fields are plain: their values stand in the source, and reading one twice does no harm."""

from collections.abc import Callable, Mapping
from inspect import iscoroutine
from keyword import iskeyword
from operator import attrgetter
from typing import Any, cast

from graphql import GraphQLField, TypeNameMetaFieldDef
from strawberry.types.field import StrawberryField

from schema.compiled.completion import Unusual, same_type
from schema.compiled.conversion import BACKREF
from schema.compiled.plan import Complete, PlainField
from schema.settled import settled_type


def plain_field(definition: GraphQLField, name: str, complete: Complete | None, *, type_name: str) -> PlainField | None:
    """`complete` completes the field's values. None where it has a resolver of its own, or there is one below."""
    read = _reader(definition, name, type_name)
    if read is None or complete is None:
        return None
    return PlainField(read, complete, _attribute(definition), _settled_type(definition) or same_type(definition.type))


def default_reader(name: str) -> Callable[[Any], Any]:
    """Reads as graphql-core does where a field has no resolver, but calls nothing."""

    def read(source: Any) -> Any:
        value = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
        if callable(value):
            raise Unusual
        return value

    return read


def _reader(definition: GraphQLField, name: str, type_name: str) -> Callable[[Any], Any] | None:
    if definition is TypeNameMetaFieldDef:
        return lambda _: type_name
    if definition.resolve is None:
        return default_reader(name)
    field = definition.extensions.get(BACKREF)
    if not isinstance(field, StrawberryField) or field.extensions:
        return None
    if attribute := _attribute(definition):
        return attrgetter(attribute)
    return _property_reader(field)


def _settled_type(definition: GraphQLField) -> type | None:
    field = definition.extensions.get(BACKREF)
    return settled_type(field) if isinstance(field, StrawberryField) else None


def _attribute(definition: GraphQLField) -> str | None:
    field = definition.extensions.get(BACKREF)
    if not isinstance(field, StrawberryField) or not field.is_basic_field or field.default_resolver is not getattr:
        return None
    name = field.python_name
    return name if name.isidentifier() and not iskeyword(name) else None


def _property_reader(field: StrawberryField) -> Callable[[Any], Any] | None:
    """A method of the type that takes nothing but the object: a property by another name."""
    resolver = field.base_resolver
    if resolver is None or resolver.is_async or list(resolver.signature.parameters) != ["self"]:
        return None
    method = cast(Callable[[Any], Any], resolver.wrapped_func)

    def read(source: Any) -> Any:
        value = method(source)
        if iscoroutine(value):
            value.close()
            raise Unusual
        return value

    return read
