"""The examples of docs/scalars.md are true."""

import re
from pathlib import Path
from typing import Any

import pytest

from schema.scalars import SCALARS
from schema.scalars.aws_timestamp import GREATEST, LEAST
from tests.schema.scalars.echo import Refused, echo_variable, run

PAGE = (Path(__file__).parents[3] / "docs" / "scalars.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (AWS\w+) \| .* \| (`.*`) \| (`.*`) \|$", PAGE, re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")


def _examples(column: int) -> list[Any]:
    return [pytest.param(row[0], text, id=f"{row[0]}-{text!a}") for row in ROWS for text in CODE.findall(row[column])]


@pytest.mark.parametrize(("scalar", "text"), _examples(1))
def test_what_is_listed_as_accepted_is_accepted(scalar: str, text: str) -> None:
    assert echo_variable(scalar, text) == text


@pytest.mark.parametrize(("scalar", "text"), _examples(2))
def test_what_is_listed_as_refused_is_refused(scalar: str, text: str) -> None:
    with pytest.raises(Refused, match=f"is not an {scalar}"):
        echo_variable(scalar, text)


def test_the_message_shown_is_the_one_given() -> None:
    with pytest.raises(Refused) as refused:
        echo_variable("AWSDate", "1970-02-30")
    assert str(refused.value).removeprefix("Variable '$value' has invalid value: ") in PAGE


def test_every_scalar_has_its_place_on_the_page() -> None:
    listed = {row[0] for row in ROWS} | set(re.findall(r"^## (AWS\w+)$", PAGE, re.MULTILINE))
    assert listed == {definition.name for definition in SCALARS.values()}


def test_the_bounds_of_a_timestamp_are_those_of_the_code() -> None:
    assert f"from {LEAST} to {GREATEST}" in PAGE


@pytest.mark.parametrize(
    ("sent", "out"),
    [('{"a": 1}', '{"a":1}'), ({"a": 1}, '{"a":1}'), ('"x"', '"x"'), ("1", "1"), (1, "1"), ("null", "null")],
)
def test_json_means_what_the_page_says(sent: Any, out: str) -> None:
    assert echo_variable("AWSJSON", sent) == out


def test_an_object_in_the_document_means_the_same() -> None:
    assert run("{ AWSJSON(value: {a: 1}) }") == {"AWSJSON": '{"a":1}'}
