"""Numbers keep every digit."""

from copy import deepcopy
from decimal import Decimal

import pytest
from graphql import GraphQLError, GraphQLFloat, GraphQLInt

from datastore.exact_numbers import ExactFloat, number_text, significant_digits, to_decimal


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (ExactFloat("0.1"), "0.1"),
        (ExactFloat("0.1000000000000000000000000000000000001"), "0.1000000000000000000000000000000000001"),
        (ExactFloat("1e-400"), "1E-400"),
        (0.1, "0.1"),
        (1e22, "1E+22"),
        (10**40, "1" + "0" * 40),
        (Decimal("1.50"), "1.50"),
    ],
)
def test_a_number_becomes_the_decimal_it_was_written_as(number: float, expected: str) -> None:
    assert str(to_decimal(number)) == expected


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_number_has_no_decimal(number: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        to_decimal(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1E+3", "1000"),
        ("1000.0", "1000"),
        ("1.50", "1.5"),
        ("0.1", "0.1"),
        ("0.000001", "0.000001"),
        ("1E-7", "1E-7"),
        ("-1.5E-130", "-1.5E-130"),
        ("0", "0"),
        ("0.00", "0"),
        ("1E+125", "1" + "0" * 125),
    ],
)
def test_whole_numbers_are_written_digit_by_digit(number: str, text: str) -> None:
    assert number_text(Decimal(number)) == text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_not_finite_has_no_text(number: str) -> None:
    with pytest.raises(ValueError, match="no JSON text"):
        number_text(Decimal(number))


def test_graphql_takes_an_exact_float_as_any_float() -> None:
    assert GraphQLFloat.coerce_input_value(ExactFloat("0.25")) == 0.25
    assert GraphQLInt.coerce_input_value(ExactFloat("3.0")) == 3
    with pytest.raises(GraphQLError, match="non-integer"):
        GraphQLInt.coerce_input_value(ExactFloat("3.5"))


def test_a_copy_keeps_the_text() -> None:
    assert deepcopy([ExactFloat("0.10")])[0].text == "0.10"


@pytest.mark.parametrize(
    ("number", "digits", "last_power"),
    [("12.30", "123", -1), ("-100", "1", 2), ("0.001", "1", -3), ("1.5E+20", "15", 19)],
)
def test_zeros_at_either_end_are_not_significant(number: str, digits: str, last_power: int) -> None:
    assert significant_digits(Decimal(number)) == (digits, last_power)


def test_zero_has_no_significant_digits() -> None:
    assert significant_digits(Decimal("-0.00"))[0] == ""
