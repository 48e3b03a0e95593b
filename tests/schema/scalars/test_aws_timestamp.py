"""AWSTimestamp holds whole seconds in 64 bits."""

from decimal import Decimal
from typing import Any

import pytest
from graphql import GraphQLError

from datastore.exact_numbers import ExactFloat
from schema.scalars.aws_timestamp import AWS_TIMESTAMP, GREATEST, LEAST
from tests.schema.scalars.echo import Refused, echo_literal, echo_variable


@pytest.mark.parametrize("seconds", [0, 1, -1, 1_700_000_000, 2**31, 2**40, LEAST, GREATEST])
def test_whole_seconds_go_in_and_come_out(seconds: int) -> None:
    assert echo_variable("AWSTimestamp", seconds) == seconds
    assert echo_literal("AWSTimestamp", str(seconds)) == seconds


@pytest.mark.parametrize("value", [1.5, 1.0, ExactFloat("1e3"), "1", "", True, [], {}])
def test_only_whole_numbers_are_taken(value: Any) -> None:
    with pytest.raises(Refused, match="takes a whole number of seconds"):
        echo_variable("AWSTimestamp", value)


@pytest.mark.parametrize("literal", ["1.0", "1e3", '"1"', "true", "[1]", "{a: 1}", "ONE"])
def test_only_whole_number_literals_are_taken(literal: str) -> None:
    with pytest.raises(Refused, match="takes a whole number of seconds"):
        echo_literal("AWSTimestamp", literal)


@pytest.mark.parametrize("seconds", [LEAST - 1, GREATEST + 1, 2**64])
def test_a_second_beyond_the_range_is_refused(seconds: int) -> None:
    with pytest.raises(Refused, match=f"goes from {LEAST} to {GREATEST}"):
        echo_variable("AWSTimestamp", seconds)
    with pytest.raises(Refused, match=f"goes from {LEAST} to {GREATEST}"):
        echo_literal("AWSTimestamp", str(seconds))


def test_a_literal_of_thousands_of_digits_is_out_of_range() -> None:
    with pytest.raises(Refused, match="goes from"):
        echo_literal("AWSTimestamp", "9" * 5000)


def test_a_number_of_the_table_goes_out_as_an_integer() -> None:
    assert type(AWS_TIMESTAMP.serialize(Decimal("1.7E+9"))) is int


@pytest.mark.parametrize("value", [Decimal("1.5"), Decimal("NaN"), 1.0, "1", None, True])
def test_what_is_no_timestamp_does_not_go_out(value: Any) -> None:
    with pytest.raises(GraphQLError, match=r"Unable to serialize `.*` as a valid timestamp"):
        AWS_TIMESTAMP.serialize(value)
