"""An operation's variables, coerced for each request by signatures that were worked out once."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    get_named_type,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_input_literal

from schema.compiled.inputs import coercer
from schema.compiled.plan import NotPlanned


class VariableReader:
    """Reads an operation's variables as long as all is well with them."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        """Raises NotPlanned where values of any depth could be given: graphql-core knows how to bound them."""
        signatures = [_signature(schema, each) for each in operation.variable_definitions or ()]
        self._signatures = [(each.name, each, coercer(each.type)) for each in signatures]

    def read(self, given: Mapping[str, Any]) -> VariableValues | None:
        """None where graphql-core would report an error."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for name, signature, coerce in self._signatures:
            value = given.get(name, Undefined)
            sources[name] = VariableValueSource(signature, value)
            if value is Undefined:
                read = _default(signature)
                if read is Undefined:
                    if is_non_null_type(signature.type) or signature.default:
                        return None
                    continue
            else:
                read = coerce(value)
                if read is Undefined:
                    return None
            coerced[name] = read
        return VariableValues(sources, coerced)


def _default(signature: GraphQLVariableSignature) -> Any:
    """Read anew each time, as what is made of it may be changed by a resolver; Undefined where there is none."""
    literal = signature.default.literal if signature.default else None
    return Undefined if literal is None else coerce_input_literal(literal, signature.type)


def _signature(schema: GraphQLSchema, node: VariableDefinitionNode) -> GraphQLVariableSignature:
    signature = get_variable_signature(schema, node)
    if isinstance(signature, GraphQLError):
        raise NotPlanned
    if _holds_itself(get_named_type(signature.type), ()):
        raise NotPlanned
    return signature


def _holds_itself(type_: Any, above: tuple[Any, ...]) -> bool:
    if not isinstance(type_, GraphQLInputObjectType):
        return False
    if type_ in above:
        return True
    return any(_holds_itself(get_named_type(each.type), (*above, type_)) for each in type_.fields.values())
