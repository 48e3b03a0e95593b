"""A field's arguments, read for each request with no more work than its variables make necessary."""

from typing import Any, Final, NamedTuple

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    ListValueNode,
    NameNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_non_null_type,
    is_required_argument,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.utilities.coerce_input_value import coerce_default_value

from schema.compiled.plan import ReadArguments

_IMMUTABLE: Final = (str, int, float, bool, type(None))


class _Argument(NamedTuple):
    """`constant` is what it is without its variable: its default, or the value written out; Undefined for none."""

    name: str
    constant: Any
    variable: str | None = None
    is_required: bool = False
    is_nullable: bool = True


def argument_reader(definition: GraphQLField, node: FieldNode) -> ReadArguments:
    given = {each.name.value: each for each in node.arguments or ()}
    try:
        arguments = [_argument(name, each, given.get(name)) for name, each in definition.args.items()]
    except (GraphQLError, TypeError):  # a value that does not fit: graphql-core says so whenever the field is run
        return _left_to_graphql_core
    # What a resolver might change is made anew for each request, which graphql-core does.
    if any(each is None or not isinstance(each.constant, (*_IMMUTABLE, type(Undefined))) for each in arguments):
        return _left_to_graphql_core
    return _reader([each for each in arguments if each])


def _left_to_graphql_core(_: VariableValues) -> None:
    return None


def _reader(arguments: list[_Argument]) -> ReadArguments:
    constants = {each.name: each.constant for each in arguments if each.constant is not Undefined}
    if not any(each.variable for each in arguments):
        return lambda _: dict(constants)

    def read(variables: VariableValues) -> dict[str, Any] | None:
        coerced, values = variables.coerced, {}
        for name, value, variable, is_required, is_nullable in arguments:
            if variable is not None:
                if variable in coerced:
                    value = coerced[variable]
                    if value is None and not is_nullable:
                        return None
                elif is_required:
                    return None
            if value is not Undefined:
                values[name] = value
        return values

    return read


def _argument(name: str, definition: GraphQLArgument, node: ArgumentNode | None) -> _Argument | None:
    """None where a variable stands inside a list or an object. Raises where a value does not fit its type."""
    out_name = definition.out_name or name
    match node and node.value:
        case VariableNode() as variable:
            return _Argument(
                out_name,
                coerce_default_value(definition),
                variable.name.value,
                is_required_argument(definition),
                not is_non_null_type(definition.type),
            )
        case ValueNode() as value if _holds_variable(value):
            return None
    field = GraphQLField(definition.type, {name: definition})  # type: ignore[arg-type] # of which only args are read
    values = get_argument_values(field, FieldNode(name=NameNode(value=name), arguments=(node,) if node else ()))
    return _Argument(out_name, values.get(out_name, Undefined))


def _holds_variable(value: ValueNode) -> bool:
    match value:
        case VariableNode():
            return True
        case ListValueNode():
            return any(_holds_variable(each) for each in value.values)
        case ObjectValueNode():
            return any(_holds_variable(each.value) for each in value.fields)
    return False
