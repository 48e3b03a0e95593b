"""AWSTimestamp: seconds since 1970, in 64 bits."""

from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, IntValueNode, ValueNode
from graphql.language.printer import print_for_error
from strawberry.types.scalar import ScalarDefinition

AWSTimestamp = NewType("AWSTimestamp", int)

# The first and the last second that AppSync's platform can name.
LEAST = -31_557_014_167_219_200
GREATEST = 31_556_889_864_403_199


def _in_range(seconds: int) -> int:
    if not LEAST <= seconds <= GREATEST:
        raise GraphQLError(f"AWSTimestamp goes from {LEAST} to {GREATEST}.")
    return seconds


def _parse(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise GraphQLError(f"AWSTimestamp takes a whole number of seconds since 1970, not {value!r:.50}.")
    return _in_range(value)


def _parse_literal(node: ValueNode, _variables: Any = None) -> int:
    if not isinstance(node, IntValueNode):
        found = print_for_error(node)
        raise GraphQLError(f"AWSTimestamp takes a whole number of seconds since 1970, not {found:.50}.", node)
    # int() refuses thousands of digits; this many are out of range already.
    return _in_range(int(node.value[:20]))


def _serialize(value: Any) -> int:
    """A number attribute is read from the table as a Decimal."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    try:
        return _parse(value)
    except GraphQLError as error:
        raise GraphQLError(f"Unable to serialize `{value!s:.50}` as a valid timestamp.") from error


AWS_TIMESTAMP: ScalarDefinition = strawberry.scalar(
    name="AWSTimestamp",
    description="Seconds since 1970-01-01T00:00Z, a whole number of 64 bits; negative before.",
    parse_value=_parse,
    parse_literal=_parse_literal,
    serialize=_serialize,
)
