"""Which fields are plain: their values stand in the source, and reading one twice does no harm."""

from collections.abc import Callable, Mapping
from inspect import iscoroutine
from keyword import iskeyword
from operator import attrgetter
from typing import Any, cast

from graphql import GraphQLField, TypeNameMetaFieldDef
from strawberry.types.field import StrawberryField

from schema.compiled.completion import Unusual, settled_by_type
from schema.compiled.conversion import BACKREF
from schema.compiled.plan import Complete, PlainField
from schema.settled import Settled, settled_by_mark


def plain_field(definition: GraphQLField, name: str, complete: Complete | None, *, type_name: str) -> PlainField | None:
    """`complete` completes the field's values. None where it has a resolver of its own, or there is one below."""
    if complete is None:
        return None
    method = _method(definition)
    read = method or _reader(definition, name, type_name)
    if read is None:
        return None
    if method:
        complete = _without_coroutines(complete)
    settled = _mark(definition) or settled_by_type(definition.type)
    return PlainField(read, complete, _attribute(definition), settled, _python_name(definition))


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
    attribute = _attribute(definition)
    return attrgetter(attribute) if attribute else None


def _python_name(definition: GraphQLField) -> str | None:
    field = definition.extensions.get(BACKREF)
    return field.python_name if isinstance(field, StrawberryField) else None


def _mark(definition: GraphQLField) -> Settled | None:
    field = definition.extensions.get(BACKREF)
    return settled_by_mark(field) if isinstance(field, StrawberryField) else None


def _attribute(definition: GraphQLField) -> str | None:
    field = definition.extensions.get(BACKREF)
    if not isinstance(field, StrawberryField) or not field.is_basic_field or field.default_resolver is not getattr:
        return None
    name = field.python_name
    return name if name.isidentifier() and not iskeyword(name) else None


def _method(definition: GraphQLField) -> Callable[[Any], Any] | None:
    """A method of the type that takes nothing but the object: a property by another name."""
    field = definition.extensions.get(BACKREF)
    if not isinstance(field, StrawberryField) or field.extensions:
        return None
    resolver = field.base_resolver
    if resolver is None or resolver.is_async or list(resolver.signature.parameters) != ["self"]:
        return None
    return cast(Callable[[Any], Any], resolver.wrapped_func)


def _without_coroutines(complete: Complete) -> Complete:
    """graphql-core makes another, and awaits it."""

    def complete_value(value: Any) -> Any:
        if iscoroutine(value):
            value.close()
            raise Unusual
        return complete(value)

    return complete_value
