"""An item's size is what DynamoDB counts."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from boto3.dynamodb.types import Binary

from datastore.item_size import MAX_ITEM_BYTES, item_size


def test_the_documentations_own_example_has_23_bytes() -> None:
    assert item_size({"shirt-color": "R", "shirt-size": "M"}) == 23


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("", 0),
        ("abc", 3),
        ("é", 2),
        ("😀", 4),
        (True, 1),
        (False, 1),
        (None, 1),
        (b"\x00\xff", 2),
        (Binary(b"\x00\xff"), 2),
        ([], 3),
        ({}, 3),
        (["ab", True], 3 + 2 + 2 + 1),
        ({"é": "ab"}, 3 + 1 + 2 + 2),
        ([[[]]], 3 + 1 + 3 + 1 + 3),
        ({"a": {"b": [None]}}, 3 + 1 + 1 + 3 + 1 + 1 + 3 + 1 + 1),
        ({"é", "ab"}, 4),
        ({Decimal(1), Decimal(123)}, 2 + 3),
    ],
)
def test_a_value_has_the_size_of_its_kind(value: Any, size: int) -> None:
    assert item_size({"v": value}) == 1 + size


@pytest.mark.parametrize(
    ("number", "size"),
    [
        ("0", 1),
        ("-0", 1),
        ("5", 2),
        ("-5", 3),
        ("12", 2),
        ("123", 3),
        ("12345", 4),
        ("-12345", 5),
        ("100000", 2),
        ("1000000001", 6),
        ("1E+125", 2),
        ("0.001", 2),
        ("0.12", 2),
        ("1.5", 3),
        ("1.05", 3),
        ("12.30", 3),
        ("9" * 38, 20),
        ("0." + "9" * 38, 20),
        ("9." + "9" * 37, 21),
    ],
)
def test_a_number_takes_a_byte_for_each_pair_of_digits(number: str, size: int) -> None:
    assert item_size({"n": Decimal(number)}) == 1 + size


def test_a_name_counts_in_utf8() -> None:
    assert item_size({"é": True, "😀": None}) == 2 + 1 + 4 + 1


@pytest.mark.parametrize("number", [0, 1, -1, 9, 10, -10, 99, -99, 100, -100, 12345, -12345, 10**40])
def test_integers_count_as_numbers(number: int) -> None:
    assert item_size({"n": number}) == item_size({"n": Decimal(number)})


def test_a_word_of_an_enum_counts_as_its_text() -> None:
    class Colour(StrEnum):
        RED = "red"

    assert item_size({"colour": Colour.RED}) == 6 + 3


def test_what_no_item_can_hold_has_no_size() -> None:
    with pytest.raises(TypeError, match="can't hold a float"):
        item_size({"v": 1.5})


def test_the_limit_is_400_kilobytes() -> None:
    assert item_size({"v": "x" * (400 * 1024 - 1)}) == MAX_ITEM_BYTES
