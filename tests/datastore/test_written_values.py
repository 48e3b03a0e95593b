"""The one walk comes to what tagging and counting come to, and refuses what they refuse."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from datastore.attribute_values import tag
from datastore.errors import BadRequest, LimitExceeded
from datastore.item_size import item_size
from datastore.json_text import parse, render
from datastore.native_values import MAX_LEVELS, NULL, to_native
from datastore.written_values import written_value
from tests.datastore.json_values import texts


@settings(deadline=None)
@given(texts)
def test_a_value_is_tagged_and_counted_as_by_the_long_way(text: str) -> None:
    native, measured = written_value(parse(text))
    expected = to_native(parse(text))
    assert (native, measured, measured.size) == (expected, tag(expected), item_size({"": expected}))
    assert render(native) == render(expected)


def test_what_is_measured_is_neither_tagged_nor_counted_again() -> None:
    measured = written_value({"S": "no tag"}).measured
    assert tag(measured) == {"M": {"S": {"S": "no tag"}}}
    assert item_size({"value": measured}) == item_size({"value": {"S": "no tag"}})


def test_null_is_a_value() -> None:
    native, measured = written_value(NULL)
    assert (native, measured, measured.size) == (None, {"NULL": True}, 1)


@pytest.mark.parametrize(
    ("value", "refusal", "message"),
    [
        ({"a": [1, {"b": "\ud800"}]}, BadRequest, r"input.a\[1\].b holds half of a surrogate pair"),
        ({"\udfff": 1}, BadRequest, "the name holds half of a surrogate pair"),
        ({"": 1}, BadRequest, "the name of a member can't be empty"),
        ({"n": 10**38 + 1}, LimitExceeded, "input.n has 39 significant digits"),
        ([Decimal("1E+126")], BadRequest, r"input\[0\] is out of range"),
        ({"a": "é" * 33_000, "é" * 33_000: 1}, LimitExceeded, "the name has 66000 bytes"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_place(value: Any, refusal: type[Exception], message: str) -> None:
    with pytest.raises(refusal, match=message):
        written_value(value, place="input")


@pytest.mark.parametrize("leaf", ["text", "é", 1, None, True])
def test_it_nests_as_deep_as_can_be_stored_and_no_deeper(leaf: Any) -> None:
    value = leaf
    for _ in range(MAX_LEVELS - 1):
        value = {"a": value}
    assert written_value(value).native == value
    for deeper in ({"a": value}, [value]):
        with pytest.raises(LimitExceeded, match="nests more than 32 levels deep"):
            written_value(deeper)
