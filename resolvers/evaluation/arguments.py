"""A field's arguments as clients send them, made into what its resolver's request takes."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import EnumType
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from datastore.exact_numbers import to_decimal
from datastore.json_text import InvalidJSON, parse
from datastore.native_values import NULL
from resolvers.evaluation.naming import BadContext, camel, choose
from resolvers.paging import Paging
from resolvers.registry import FIELDS

# Where GraphQL calls an argument something else than the request's parameter in camelCase. A test holds this
# against the schema.
_ROLE = {"role": "input.id", "permissions": "input.permissions", "description": "input.description"}
# fmt: off
_SPELLED: Mapping[str, Mapping[str, str]] = {
    "Query.namespace":          {"namespace": "id"},
    "User.auditEvents":         {"since": "from", "until": "to"},
    "Mutation.updateConfig":    {"sign_up_open": "input.signUpOpen", "default_plan": "input.defaultPlan",
                                 "read_only": "input.readOnly"},
    "Mutation.putTier":         {"tier": "input"},
    "Mutation.signUp":          {"email": "input.email", "password": "input.password"},
    "Mutation.login":           {"email": "input.email", "password": "input.password"},
    "Mutation.createApiKey":    {"name": "input.name", "scopes": "input.scopes", "expires_in": "input.expiresIn"},
    "Mutation.putRole":         _ROLE,
    "Mutation.createNamespace": {"namespace": "input.id", "description": "input.description"},
    "Mutation.updateNamespace": {"namespace": "input.id", "description": "input.description"},
    "Mutation.deleteNamespace": {"namespace": "id"},
    "Mutation.shareNamespace":  {"namespace": "id"},
    "Mutation.unshareNamespace": {"namespace": "id"},
    "Mutation.putKey":          {"put": "input"},
    "Mutation.deleteKey":       {"delete": "input"},
    "Mutation.incrementKey":    {"increment": "input"},
    "Mutation.batchPutKeys":    {"puts": "input"},
}
# fmt: on


def places(path: str) -> dict[str, Any]:
    """Every argument that the field takes, spelled as in GraphQL, and its type; "input.id" stands in an object."""
    spelled: dict[str, Any] = {}
    for name, (hint, _) in _parameters(path).items():
        if hint is Paging:
            spelled |= {camel(field.name): _hints(Paging)[field.name] for field in fields(Paging)}
        else:
            spelled[_place(path, name)] = hint
    return spelled


def read_arguments(path: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the resolver's request is called with. Raises BadContext, naming what is unknown, missing or wrong."""
    known = places(path)
    flat = _flatten(given, known)
    unknown = sorted(flat.keys() - known.keys())
    if unknown:
        takes = ", ".join(sorted(known)) or "none"
        raise BadContext(f"{path} has no argument {', '.join(unknown)}; its arguments are: {takes}.")
    arguments = {}
    for name, (hint, default) in _parameters(path).items():
        if hint is Paging:
            arguments[name] = _read_object(Paging, {each: flat[each] for each in flat if _is_paging(each)}, "arguments")
        elif (place := _place(path, name)) in flat:
            arguments[name] = read_value(hint, flat[place], f"arguments.{place}")
        elif default is inspect.Parameter.empty:
            raise BadContext(f"{path} needs the argument {place}: add it to the context's arguments.")
        else:
            arguments[name] = default
    return arguments


def read_value(hint: Any, value: Any, place: str) -> Any:
    """JSON as a value of this type."""
    if get_origin(hint) is UnionType:
        if value is None:
            return None
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
    if is_dataclass(hint) and isinstance(hint, type):
        return _read_object(hint, value, place)
    if get_origin(hint) in (list, Sequence):
        _check(isinstance(value, list), place, "a list", value)
        (element,) = get_args(hint)
        return [read_value(element, each, f"{place}[{index}]") for index, each in enumerate(value)]
    return _read_scalar(hint, value, place)


def _read_scalar(hint: Any, value: Any, place: str) -> Any:
    if hint is Any:
        return _read_json(value, place)
    if isinstance(hint, EnumType):
        _check(isinstance(value, str), place, "a string", value)
        return hint[choose(value, tuple(hint.__members__), f"value for {place.removeprefix('arguments.')}")]
    kind, name = _SCALARS[hint]
    _check(isinstance(value, kind) and (hint is bool or not isinstance(value, bool)), place, name, value)
    return to_decimal(value) if hint is Decimal else value


def _read_json(value: Any, place: str) -> Any:
    """As AWSJSON has it: a string holds JSON, anything else is the value itself; null is "null"."""
    _check(value is not None, place, 'a JSON value, or "null"', value)
    if not isinstance(value, str):
        return value
    try:
        parsed = parse(value)
    except InvalidJSON as error:
        raise BadContext(f"{place} is a string that does not hold JSON: {error}") from error
    return NULL if parsed is None else parsed


def _read_object(kind: type[Any], value: Any, place: str) -> Any:
    _check(isinstance(value, dict), place, "an object", value)
    hints = {camel(field.name): (field, _hints(kind)[field.name]) for field in fields(kind)}
    unknown = sorted(value.keys() - hints.keys())
    if unknown:
        raise BadContext(f"{place} has no {', '.join(unknown)}; it may have: {', '.join(hints)}.")
    missing = [name for name, (field, _) in hints.items() if field.default is MISSING and name not in value]
    if missing:
        raise BadContext(f"{place} needs {', '.join(missing)}.")
    return kind(**{hints[name][0].name: read_value(hints[name][1], value[name], f"{place}.{name}") for name in value})


def _parameters(path: str) -> dict[str, tuple[Any, Any]]:
    """The parameters of the request behind ctx: type and default."""
    request: Callable[..., Any] = FIELDS[path].resolver.request
    hints = get_type_hints(request)
    _, *parameters = inspect.signature(request).parameters.values()
    return {each.name: (hints[each.name], each.default) for each in parameters}


def _flatten(given: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in given.items():
        if any(place.startswith(f"{name}.") for place in known):
            _check(isinstance(value, dict), f"arguments.{name}", "an object", value)
            flat |= {f"{name}.{member}": each for member, each in value.items()}
        else:
            flat[name] = value
    return flat


def _place(path: str, name: str) -> str:
    return _SPELLED.get(path, {}).get(name, camel(name))


def _is_paging(name: str) -> bool:
    return any(camel(field.name) == name for field in fields(Paging))


def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _check(fits: bool, place: str, wanted: str, value: Any) -> None:
    if not fits:
        raise BadContext(f"{place} must be {wanted}, not {_JSON_NAMES.get(type(value), 'a number')}.")


_SCALARS: Mapping[Any, tuple[Any, str]] = {
    str: (str, "a string"),
    int: (int, "a whole number"),
    bool: (bool, "true or false"),
    Decimal: ((int, float), "a number"),
}
_JSON_NAMES: Mapping[type, str] = {
    str: "a string",
    bool: "a boolean",
    list: "a list",
    dict: "an object",
    NoneType: "null",
}
