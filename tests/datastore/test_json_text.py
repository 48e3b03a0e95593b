"""Strict JSON in, compact JSON out."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import orjson
import pytest
from boto3.dynamodb.types import Binary
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.exact_numbers import ExactFloat, to_decimal
from datastore.json_text import MAX_DEPTH, InvalidJSON, parse, quoted, render
from tests.datastore.json_values import texts


def _compact(text: str) -> str:
    """As it is written where nothing is left out: numbers keep the way in which they are spelled."""
    return render(parse(text + " "))


def _compactly(number: float) -> str:
    return orjson.dumps(number).decode()


def _typed(value: Any) -> Any:
    """The value as it would be stored, with the order of names; True is no 1, and 1.0 is one."""
    match value:
        case dict():
            return [(name, _typed(member)) for name, member in value.items()]
        case list():
            return [_typed(element) for element in value]
        case int() | float() if not isinstance(value, bool):
            return str(to_decimal(value).normalize()), isinstance(value, float)
    return value, type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"\xff", "not UTF-8: byte 0"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8: byte 7"),
        ("", "Expecting value at line 1, column 1"),
        ("{a: 1}", "Expecting property name enclosed in double quotes at line 1, column 2"),
        ("{'a': 1}", "Expecting property name enclosed in double quotes at line 1, column 2"),
        ("[1,]", "at line 1, column"),
        ("[1\n,\n2 3]", "at line 3, column 3"),
        ("01", "Extra data at line 1, column 2"),
        ("1.", "Extra data"),
        (".5", "Expecting value"),
        ("+1", "Expecting value"),
        ("0x10", "Extra data"),
        ("{} {}", "Extra data at line 1, column 4"),
        ('"\n"', "Invalid control character at line 1, column 2"),
        ('"\\x41"', "Invalid \\\\escape"),
        ('"abc', "Unterminated string"),
        ("\ufeff{}", "Expecting value"),
        ("\u00a01", "Expecting value"),
        ("[\u0661]", "Expecting value"),
        ("True", "Expecting value"),
        ("NaN", "NaN is not JSON"),
        ('{"a": [Infinity]}', "Infinity is not JSON"),
        ("-Infinity", "-Infinity is not JSON"),
        ("1e999", 'number "1e999" is too large'),
        ("-1e999", 'number "-1e999" is too large'),
        ("9" * 5000, "integer has too many digits"),
        ('{"a": 1, "b": {"c": 1, "c": 1}}', 'name "c" appears twice'),
        ('{"a": 1, "\\u0061": 1}', 'name "a" appears twice'),
        ('{"\\ud800": 1, "\\ud800": 1}', r'name "\\ud800" appears twice'),
        ("[" * 100_000, "nest too deep"),
        ('{"a":' * 100_000, "nest too deep"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), f"at most {MAX_DEPTH} levels"),
    ],
)
def test_what_is_not_strict_json_is_refused_with_the_reason(text: str | bytes, message: str) -> None:
    with pytest.raises(InvalidJSON, match=message):
        parse(text)


def test_lists_nest_as_deep_as_the_limit() -> None:
    value = parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    for _ in range(MAX_DEPTH - 1):
        assert isinstance(value, list)
        [value] = value
    assert value == []


def test_many_short_lists_are_not_deep() -> None:
    assert parse("[" + ",".join(["[{}]"] * 1000) + "]") == [[{}]] * 1000


@pytest.mark.parametrize("text", ['{"a":[1,true,null,"é\\n"]}', b'{"a":[1,true,null,"\xc3\xa9\\n"]}'])
def test_bytes_and_text_read_the_same(text: str | bytes) -> None:
    assert parse(text) == {"a": [1, True, None, "é\n"]}


def test_a_number_with_a_fraction_or_an_exponent_keeps_its_text() -> None:
    value: Any = parse("[0.10, 1e3, -0.0]")
    assert [number.text for number in value] == ["0.10", "1e3", "-0.0"]
    assert value == [0.1, 1000.0, 0.0]
    assert all(isinstance(number, ExactFloat) for number in value)


def test_a_whole_number_of_any_length_is_an_integer() -> None:
    assert parse("[0, -0, 18446744073709551616]") == [0, 0, 2**64]


def test_half_of_a_surrogate_pair_is_left_to_whoever_stores_it() -> None:
    assert parse('"\\ud83d"') == "\ud83d"
    assert parse('"\\ud83d\\ude00"') == "😀"


@settings(deadline=None)
@given(st.binary() | st.text())
def test_no_input_does_anything_but_parse_or_be_refused(text: bytes | str) -> None:
    with suppress(InvalidJSON):
        parse(text)


@settings(deadline=None)
@given(texts)
def test_the_value_is_the_one_any_other_parser_reads(text: str) -> None:
    assert parse(text) == json.loads(text)


@settings(deadline=None)
@given(texts.map(_compact) | st.floats(allow_nan=False, allow_infinity=False).map(_compactly), st.booleans())
def test_the_short_way_reads_what_the_strict_way_reads(text: str, as_bytes: bool) -> None:
    """A space at the end is enough to be sent the strict way."""
    short, strict = parse(text.encode() if as_bytes else text), parse(text + " ")
    assert _typed(short) == _typed(strict)
    assert render(short) == render(strict)


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":1}', "1.0e1", "0.10", "18446744073709551616", '"\\u0041"', "[1, 2]", "1E2", "-0"]
)
def test_what_would_be_written_otherwise_is_read_strictly(text: str) -> None:
    with suppress(InvalidJSON):
        assert _typed(parse(text)) == _typed(parse(text + " "))
        assert render(parse(text)) == render(parse(text + " "))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ('é"\n', '"é\\"\\n"'),
        ({"a": [1, {}]}, '{"a":[1,{}]}'),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.1"),
        ([Decimal(10) ** 30, Decimal("1E-130")], "[1000000000000000000000000000000,1E-130]"),
        ({"a": [2**64, -(2**64), True]}, '{"a":[18446744073709551616,-18446744073709551616,true]}'),
        (ExactFloat("0.10"), "0.10"),
        ({Decimal(3), Decimal(1), Decimal(2)}, "[1,2,3]"),
        ({"b", "a"}, '["a","b"]'),
        (Binary(b"x"), '"eA=="'),
        ({Binary(b"y"), Binary(b"x")}, '["eA==","eQ=="]'),
    ],
)
def test_a_value_is_written_compactly_and_exactly(value: object, text: str) -> None:
    assert render(value) == text


def test_what_json_cannot_say_is_not_written() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        render({"a": object()})


def test_a_quoted_text_is_short_and_can_be_sent() -> None:
    assert quoted("a\ud800") == '"a\\ud800"'
    assert len(quoted("x" * 1000)) < 60
