"""What is tagged reads back as it was, numbers to the last digit."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.attribute_values import tag, tag_item, untag, untag_item
from datastore.entities.user import Plan

_DIGITS = st.integers(-(10**38) + 1, 10**38 - 1)
numbers = st.one_of(
    _DIGITS, st.builds(lambda digits, place: Decimal(digits).scaleb(place), _DIGITS, st.integers(-90, 87))
)
natives = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.text(), st.binary()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=15,
)


@settings(deadline=None)
@given(natives)
def test_a_value_reads_back_as_it_was(value: Any) -> None:
    assert untag(tag(value)) == value


@settings(deadline=None)
@given(natives)
def test_booleans_stay_apart_from_numbers(value: Any) -> None:
    assert repr(untag(tag([True, 1, False, 0, value]))[:4]) == "[True, 1, False, 0]"


@settings(deadline=None)
@given(
    st.recursive(st.one_of(st.none(), st.booleans(), _DIGITS, st.text()), lambda inner: st.lists(inner), max_leaves=9)
)
def test_the_tags_are_those_of_boto3(value: Any) -> None:
    assert tag(value) == TypeSerializer().serialize(value)
    assert untag(tag(value)) == TypeDeserializer().deserialize(tag(value))


@pytest.mark.parametrize(
    ("value", "tagged"),
    [
        ("text", {"S": "text"}),
        (Plan.PRO, {"S": "pro"}),
        (True, {"BOOL": True}),
        (0, {"N": "0"}),
        (Decimal("0.1"), {"N": "0.1"}),
        (None, {"NULL": True}),
        (b"\0", {"B": b"\0"}),
        ((1, "a"), {"L": [{"N": "1"}, {"S": "a"}]}),
        ({"a": {"b": []}}, {"M": {"a": {"M": {"b": {"L": []}}}}}),
    ],
)
def test_each_type_has_its_tag(value: Any, tagged: Any) -> None:
    assert tag(value) == tagged


@pytest.mark.parametrize("value", [1.5, {1, 2}, object()], ids=lambda value: type(value).__name__)
def test_what_has_no_type_in_dynamodb_is_refused_by_name(value: Any) -> None:
    with pytest.raises(TypeError, match=f"{type(value).__name__} has no DynamoDB type"):
        tag(value)


@pytest.mark.parametrize(
    "text",
    ["9" * 38, "-" + "9" * 38, "0." + "0" * 91 + "9" * 38, "1E-130", "9.9999999999999999999999999999999999999E+125"],
)
def test_a_number_keeps_all_of_its_38_digits(text: str) -> None:
    assert untag({"N": text}) == Decimal(text)
    assert Decimal(tag(untag({"N": text}))["N"]) == Decimal(text)


def test_a_whole_number_is_an_int_and_another_a_decimal() -> None:
    assert [type(untag({"N": text})) for text in ("3", "-3", "3.5")] == [int, int, Decimal]


@pytest.mark.parametrize(
    ("tagged", "value"),
    [
        ({"SS": ["b", "a"]}, ["a", "b"]),
        ({"NS": ["10", "9", "0.5"]}, [Decimal("0.5"), 9, 10]),
        ({"BS": [b"b", b"a"]}, [b"a", b"b"]),
    ],
)
def test_a_set_of_another_program_reads_as_a_sorted_list(tagged: Any, value: Any) -> None:
    assert untag(tagged) == value


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(ValueError, match="unknown type 'X'"):
        untag({"X": 1})


def test_an_item_is_tagged_attribute_by_attribute() -> None:
    item = {"PK": "a", "n": 1, "m": {"l": [None]}}
    assert untag_item(tag_item(item)) == item
    assert tag_item(item)["PK"] == {"S": "a"}
