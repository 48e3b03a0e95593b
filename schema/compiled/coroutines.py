"""Async resolvers, called with nothing in between that does nothing."""

from collections.abc import Callable, Coroutine
from inspect import Parameter, iscoroutinefunction, signature
from typing import Any, Final, TypeAlias, cast

from graphql import GraphQLField, GraphQLResolveInfo
from strawberry import Info
from strawberry.types.field import StrawberryField

from schema.compiled.conversion import BACKREF, argument_converters
from schema.compiled.plan import NotPlanned

Resolve: TypeAlias = Callable[..., Coroutine[Any, Any, Any]]
_ANY_ARGUMENTS: Final = [Parameter.POSITIONAL_OR_KEYWORD, Parameter.POSITIONAL_OR_KEYWORD, Parameter.VAR_KEYWORD]


def coroutine_resolver(definition: GraphQLField) -> Resolve | None:
    """The field's resolver, if calling it can do nothing but make a coroutine: it is async, and takes any arguments."""
    resolve = definition.resolve
    if not iscoroutinefunction(resolve):
        return None
    kinds = [each.kind for each in signature(resolve).parameters.values()]
    if kinds != _ANY_ARGUMENTS:
        return None
    return _without_layers(definition) or resolve


def _without_layers(definition: GraphQLField) -> Resolve | None:
    """What Strawberry's resolver comes to for a field without permissions and other extensions."""
    field = definition.extensions.get(BACKREF)
    if not isinstance(field, StrawberryField) or field.extensions or not hasattr(definition.resolve, "_is_default"):
        return None
    resolver = field.base_resolver
    if resolver is None or not resolver.is_async or resolver.parent_parameter or resolver.root_parameter:
        return None
    try:
        converters = argument_converters(definition.args)
    except NotPlanned:
        return None
    function = cast(Callable[..., Any], resolver.wrapped_func)
    takes_source, info_name = bool(resolver.self_parameter), resolver.info_parameter and resolver.info_parameter.name

    async def resolve(source: Any, info: GraphQLResolveInfo[Any], /, **arguments: Any) -> Any:
        given = {
            python_name: convert(arguments[name]) if convert else arguments[name]
            for name, python_name, convert in converters
            if name in arguments
        }
        if info_name:
            given[info_name] = Info(_raw_info=info, _field=field)
        return await (function(source, **given) if takes_source else function(**given))

    return resolve
