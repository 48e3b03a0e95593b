"""AWSJSON: any JSON value."""

from collections.abc import Mapping
from typing import Any, NewType

import strawberry
from graphql import (
    BooleanValueNode,
    FloatValueNode,
    GraphQLError,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)
from graphql.language.printer import print_for_error
from strawberry.types.scalar import ScalarDefinition

from datastore.json_text import JSON, MAX_DEPTH, InvalidJSON, JSONText, parse, quoted, render
from datastore.native_values import NULL, Null

AWSJSON = NewType("AWSJSON", object)

_Variables = Mapping[str, Any]


def _parse(value: Any) -> JSON | Null:
    """A string holds JSON text; anything else is the value itself.

    Numbers keep their text (see datastore.exact_numbers); datastore.native_values.to_native makes of the
    result what can be stored, and names the place of what can't.
    """
    match value:
        case str():
            return _parse_text(value)
        case bool() | int() | float() | list() | dict():
            return value
    raise GraphQLError(f"AWSJSON takes a string holding JSON, or a JSON value, not {value!r:.50}.")


def _parse_text(text: str, node: ValueNode | None = None) -> JSON | Null:
    try:
        value = parse(text)
    except InvalidJSON as error:
        raise GraphQLError(f"AWSJSON can't read {quoted(text)} as JSON: {error}", node) from error
    return NULL if value is None else value


def _parse_literal(node: ValueNode, variables: _Variables | None = None) -> JSON | Null:
    if isinstance(node, StringValueNode):
        return _parse_text(node.value, node)
    return _value_of(node, variables or {}, depth=1)


def _value_of(node: ValueNode, variables: _Variables, *, depth: int) -> JSON:
    if depth > MAX_DEPTH:
        raise GraphQLError(f"AWSJSON nests too deep; at most {MAX_DEPTH} levels can be read.", node)
    match node:
        case ObjectValueNode():
            return _object(node, variables, depth=depth)
        case ListValueNode():
            return [_value_of(each, variables, depth=depth + 1) for each in node.values]
        case StringValueNode() | BooleanValueNode():
            return node.value
        case IntValueNode() | FloatValueNode():
            return _number(node)
        case NullValueNode():
            return None
        case VariableNode():
            return _variable(node, variables)
    found = print_for_error(node)
    raise GraphQLError(f"AWSJSON can't read {found:.50} as JSON; put strings in double quotes.", node)


def _object(node: ObjectValueNode, variables: _Variables, *, depth: int) -> JSON:
    """A member whose variable was not given is left out, as in any GraphQL input."""
    members: dict[str, JSON] = {}
    for field in node.fields:
        name = field.name.value
        if name in members:
            raise GraphQLError(f"AWSJSON: the name {quoted(name)} appears twice in one object.", field)
        if not _is_absent(field, variables):
            members[name] = _value_of(field.value, variables, depth=depth + 1)
    return members


def _is_absent(field: ObjectFieldNode, variables: _Variables) -> bool:
    return isinstance(field.value, VariableNode) and field.value.name.value not in variables


def _number(node: IntValueNode | FloatValueNode) -> JSON:
    """GraphQL writes numbers as JSON does."""
    try:
        return parse(node.value)
    except InvalidJSON as error:
        raise GraphQLError(f"AWSJSON: {error}", node) from error


def _variable(node: VariableNode, variables: _Variables) -> JSON:
    """The variable's value, already read as its own type has it."""
    value = variables.get(node.name.value)
    match value:
        case Null():
            return None
        case None | bool() | int() | float() | str() | list() | dict():
            return value
    raise GraphQLError(f"AWSJSON can't hold ${node.name.value}, a {type(value).__name__}.", node)


def _serialize(value: Any) -> str:
    """NULL is a null that is there; None never comes here, because GraphQL answers null for it."""
    if isinstance(value, JSONText):
        return value
    return render(None if value is NULL else value)


AWS_JSON: ScalarDefinition = strawberry.scalar(
    name="AWSJSON",
    description=(
        'A JSON value. It goes out as a string holding JSON: `{"a": 1}`. It comes in as such a string, '
        "or as a plain object, list, number or boolean."
    ),
    parse_value=_parse,
    parse_literal=_parse_literal,
    serialize=_serialize,
)
