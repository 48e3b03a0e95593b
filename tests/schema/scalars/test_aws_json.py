"""AWSJSON takes JSON as text or as it is, and gives it as text."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.exact_numbers import ExactFloat
from datastore.json_text import MAX_DEPTH, parse
from schema.scalars.aws_json import AWS_JSON
from tests.datastore.json_values import texts
from tests.schema.scalars.echo import Refused, echo_literal, echo_variable, run


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("1", "1"),
        ("true", "true"),
        ('"x"', '"x"'),
        ('"\\"x\\""', '"\\"x\\""'),
        ("[]", "[]"),
        (' {"a": [1, 2.50, {"b": null}]} ', '{"a":[1,2.5,{"b":null}]}'),
        ("0.1", "0.1"),
        ("1e3", "1000"),
        ("12345678901234567890.12345678", "12345678901234567890.12345678"),
    ],
)
def test_a_string_is_read_as_json_text(text: str, out: str) -> None:
    assert echo_variable("AWSJSON", text) == out
    assert echo_literal("AWSJSON", json.dumps(text)) == out


@pytest.mark.parametrize("text", ["{a: 1}", "{'a': 1}", "Unquoted string", "", "NaN", "1e999", '{"a":1,"a":2}'])
def test_a_string_that_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"AWSJSON can't read .* as JSON"):
        echo_variable("AWSJSON", text)
    with pytest.raises(Refused, match=r"AWSJSON can't read .* as JSON"):
        echo_literal("AWSJSON", json.dumps(text))


@pytest.mark.parametrize(
    ("value", "out"),
    [
        ({"a": [1, "x", None, True]}, '{"a":[1,"x",null,true]}'),
        ([], "[]"),
        ({}, "{}"),
        (3, "3"),
        (False, "false"),
        (ExactFloat("0.10"), "0.1"),
        (["not read as JSON: {"], '["not read as JSON: {"]'),
    ],
)
def test_a_plain_value_is_taken_as_it_is(value: Any, out: str) -> None:
    assert echo_variable("AWSJSON", value) == out


@pytest.mark.parametrize(
    ("literal", "out"),
    [
        ('{a: [1, "x", null, true], b: {c: 1.50}}', '{"a":[1,"x",null,true],"b":{"c":1.5}}'),
        ("[]", "[]"),
        ("3", "3"),
        ("false", "false"),
        ("0.1000000000000000000000000001", "0.1000000000000000000000000001"),
        ("[12345678901234567890123456789012345678]", "[12345678901234567890123456789012345678]"),
        ('{text: "{"}', '{"text":"{"}'),
        ('"""{"a": 1}"""', '{"a":1}'),
    ],
)
def test_a_plain_literal_is_taken_as_it_is(literal: str, out: str) -> None:
    assert echo_literal("AWSJSON", literal) == out


@pytest.mark.parametrize(
    ("literal", "message"),
    [
        ("{a: {b: x}}", "can't read x as JSON; put strings in double quotes"),
        ("unquoted", "can't read unquoted as JSON"),
        ("[1e999]", 'number "1e999" is too large'),
        ("9" * 5000, "integer has too many digits"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), f"at most {MAX_DEPTH} levels"),
    ],
)
def test_a_literal_that_is_not_json_is_refused(literal: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        echo_literal("AWSJSON", literal)
    assert message in str(refused.value)


def test_a_name_that_appears_twice_in_a_literal_is_refused() -> None:
    with pytest.raises(Refused, match=r'"a"'):
        echo_literal("AWSJSON", "{a: 1, a: 1}")


def test_null_needs_to_be_json_text_to_be_a_value() -> None:
    assert run('{ AWSJSON(value: "null") }') == {"AWSJSON": "null"}
    assert run("query ($v: AWSJSON!) { AWSJSON(value: $v) }", {"v": "null"}) == {"AWSJSON": "null"}
    assert run("query ($v: AWSJSON!) { boxed(box: {value: $v}) }", {"v": "null"}) == {"boxed": "null"}
    with pytest.raises(Refused, match="null"):
        echo_literal("AWSJSON", "null")
    with pytest.raises(Refused, match="null"):
        echo_variable("AWSJSON", None)


def test_variables_stand_inside_a_literal() -> None:
    document = """query ($n: Int, $s: String, $j: AWSJSON, $null: AWSJSON, $f: Float, $absent: Int, $none: Int) {
        AWSJSON(value: {n: $n, s: $s, j: [$j, $null], f: $f, absent: $absent, list: [$absent], none: $none})
    }"""
    variables = {"n": 1, "s": "[1]", "j": '{"a": 0.10}', "null": "null", "f": ExactFloat("0.3"), "none": None}
    assert run(document, variables) == {
        "AWSJSON": '{"n":1,"s":"[1]","j":[{"a":0.1},null],"f":0.3,"list":[null],"none":null}'
    }


def test_an_input_object_in_a_variable_is_an_object() -> None:
    document = "query ($box: Box!) { AWSJSON(value: [$box, 2]) }"
    assert run(document, {"box": {"value": "null"}}) == {"AWSJSON": '[{"value":null},2]'}


def test_a_variable_that_is_no_json_value_cannot_stand_inside_a_literal() -> None:
    with pytest.raises(Refused, match=r"AWSJSON can't hold \$colour, a Colour"):
        run("query ($colour: Colour!) { AWSJSON(value: {a: $colour}) }", {"colour": "RED"})


def test_a_default_value_is_read_as_any_literal() -> None:
    assert run('query ($v: AWSJSON = "{\\"a\\": 1}") { boxed(box: {value: [$v]}) }') == {"boxed": '[{"a":1}]'}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_a_number_is_refused_with_its_place(value: float) -> None:
    with pytest.raises(Refused, match=r"value\.a\[0\] is not a number"):
        echo_variable("AWSJSON", {"a": [value]})


def test_what_is_not_json_at_all_is_refused() -> None:
    with pytest.raises(Refused, match="AWSJSON takes a string holding JSON"):
        echo_variable("AWSJSON", {1, 2})


@settings(deadline=None)
@given(texts)
def test_json_text_comes_back_exactly(text: str) -> None:
    assert _exactly(echo_variable("AWSJSON", text)) == _exactly(text)


@settings(deadline=None)
@given(texts.filter(lambda text: text[0] in "{["))
def test_a_plain_variable_comes_back_exactly(text: str) -> None:
    assert _exactly(echo_variable("AWSJSON", parse(text))) == _exactly(text)


def _exactly(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_string_goes_out_as_json_text_of_a_string(text: str) -> None:
    assert json.loads(AWS_JSON.serialize(text)) == text
