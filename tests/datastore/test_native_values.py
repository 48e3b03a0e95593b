"""What DynamoDB can hold goes through unchanged; the rest is refused with its place."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given, settings

from datastore.errors import BadRequest, LimitExceeded
from datastore.json_text import parse, render
from datastore.native_values import MAX_LEVELS, NULL, to_native
from tests.datastore.json_values import texts


def _exactly(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


@settings(deadline=None)
@given(texts)
def test_a_value_comes_back_from_dynamodbs_types_exactly(text: str) -> None:
    stored = TypeSerializer().serialize(to_native(parse(text)))
    assert _exactly(render(TypeDeserializer().deserialize(stored))) == _exactly(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.1", "0.1"),
        ("1.50", "1.5"),
        ("1e3", "1E+3"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("0e-99999", "0"),
        ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
        ("1" + "0" * 125, "1E+125"),
        ("9.9999999999999999999999999999999999999e125", "9.9999999999999999999999999999999999999E+125"),
        ("-9.99e125", "-9.99E+125"),
        ("1e-130", "1E-130"),
        ("-1.23e-130", "-1.23E-130"),
    ],
)
def test_a_number_is_stored_as_it_was_written(text: str, number: str) -> None:
    assert str(to_native(parse(text))) == number


@pytest.mark.parametrize(
    ("text", "refusal", "message"),
    [
        (
            "123456789012345678901234567890123456789",
            LimitExceeded,
            "value has 39 significant digits; at most 38",
        ),
        ("0.123456789012345678901234567890123456789", LimitExceeded, "value has 39 significant digits"),
        ("1." + "0" * 100 + "1", LimitExceeded, "value has 102 significant digits"),
        ("9" * 4300, LimitExceeded, "value has 4300 significant digits"),
        ("1e126", BadRequest, "value is out of range: numbers go from 1E-130 to less than 1E+126"),
        ("-1e126", BadRequest, "value is out of range"),
        ("1" + "0" * 126, BadRequest, "value is out of range"),
        ("9.9e-131", BadRequest, "value is out of range"),
        ("-9.9e-131", BadRequest, "value is out of range"),
        ("1e-99999999999999999999", BadRequest, "value is not a number that can be stored"),
        ('{"a": [1, 2, 3, {"b": 1e200}]}', BadRequest, "value.a[3].b is out of range"),
        ('{"b c": {"": 1}}', BadRequest, 'value["b c"][""]: the name of a member can\'t be empty'),
        ('{"a": "x\\ud800"}', BadRequest, "value.a holds half of a surrogate pair"),
        ('[{"\\udc00": 1}]', BadRequest, 'value[0]["\\udc00"]: the name holds half of a surrogate pair'),
        ('{"%s": 1}' % ("é" * 32_768), LimitExceeded, "the name has 65536 bytes; at most 65535"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_place(text: str, refusal: type[BadRequest], message: str) -> None:
    with pytest.raises(BadRequest) as refused:
        to_native(parse(text))
    assert type(refused.value) is refusal
    assert message in refused.value.message
    refused.value.message.encode()


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_number_is_refused(number: Any) -> None:
    with pytest.raises(BadRequest, match=r"value\.a\[0\] is not a number"):
        to_native({"a": [number]})


def test_what_is_not_json_at_all_is_refused() -> None:
    with pytest.raises(BadRequest, match=r"value\.a is not a JSON value but a set"):
        to_native({"a": {1}})  # type: ignore[dict-item]


def test_a_decimal_is_held_to_the_same_limits() -> None:
    assert to_native(Decimal("1.50")) == Decimal("1.5")
    with pytest.raises(LimitExceeded, match="39 significant digits"):
        to_native(Decimal("1" * 39))


def test_json_null_as_a_value_is_stored_as_null() -> None:
    assert to_native(NULL) is None


def test_the_place_can_start_elsewhere() -> None:
    with pytest.raises(BadRequest, match=r"input\[2\]\.value\.a is out of range"):
        to_native({"a": 10**200}, place="input[2].value")


def _lists(levels: int, leaf: Any) -> Any:
    for _ in range(levels):
        leaf = [leaf]
    return leaf


def _objects(levels: int, leaf: Any) -> Any:
    for _ in range(levels):
        leaf = {"a": leaf}
    return leaf


@pytest.mark.parametrize("nest", [_lists, _objects])
def test_the_attribute_is_the_first_of_32_levels(nest: Callable[[int, Any], Any]) -> None:
    deepest = nest(MAX_LEVELS - 1, "leaf")
    assert to_native(deepest) == deepest
    assert to_native(nest(MAX_LEVELS - 1, [])) == nest(MAX_LEVELS - 1, [])
    with pytest.raises(LimitExceeded, match="nests more than 32 levels deep"):
        to_native(nest(MAX_LEVELS, "leaf"))


def test_a_name_of_the_greatest_length_is_kept() -> None:
    value = {"é" * 32_767 + "x": True}
    assert to_native(value) == value
