"""What our own code says about values and sizes is what a real engine does."""

import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from boto3.dynamodb.types import TypeSerializer
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from hypothesis import given, settings

from datastore.attribute_values import untag
from datastore.item_size import MAX_ITEM_BYTES, item_size
from datastore.json_text import parse, render
from datastore.native_values import MAX_LEVELS, to_native
from tests.datastore.json_values import texts

KEY = {"PK": "USER#sizes", "SK": "METADATA"}


@pytest.fixture(scope="module")
def table(dynamodb: BaseClient) -> str:
    name = f"values-{uuid4().hex}"
    key = [("PK", "HASH"), ("SK", "RANGE")]
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": part, "AttributeType": "S"} for part, _ in key],
        KeySchema=[{"AttributeName": part, "KeyType": kind} for part, kind in key],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def _put(dynamodb: BaseClient, table: str, item: dict[str, Any]) -> None:
    serialize = TypeSerializer().serialize
    dynamodb.put_item(TableName=table, Item={name: serialize(value) for name, value in item.items()})


def _get(dynamodb: BaseClient, table: str, name: str) -> Any:
    key = {part: {"S": text} for part, text in KEY.items()}
    return untag(dynamodb.get_item(TableName=table, Key=key)["Item"][name])


def _exactly(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


@settings(max_examples=60, deadline=None)
@given(text=texts)
def test_a_value_comes_back_from_the_engine_exactly(dynamodb: BaseClient, table: str, text: str) -> None:
    _put(dynamodb, table, {**KEY, "value": to_native(parse(text))})
    assert _exactly(render(_get(dynamodb, table, "value"))) == _exactly(text)


@pytest.mark.parametrize("leaf", ["[]", "{}"])
def test_the_deepest_value_that_we_take_is_stored(dynamodb: BaseClient, table: str, leaf: str) -> None:
    value = to_native(parse("[" * (MAX_LEVELS - 1) + leaf + "]" * (MAX_LEVELS - 1)))
    _put(dynamodb, table, {**KEY, "value": value})
    assert _get(dynamodb, table, "value") == value


def test_one_level_more_is_refused_by_the_engine_too(dynamodb: BaseClient, table: str) -> None:
    value: Any = []
    for _ in range(MAX_LEVELS):
        value = [value]
    with pytest.raises(ClientError, match="nested levels beyond supported limit"):
        _put(dynamodb, table, {**KEY, "value": value})


VALUES = [
    "text",
    "é😀",
    True,
    None,
    {"é": [1, {"😀": None}], "a": {}},
    [[], [[]], ["x", Decimal("-1.5")]],
    {Decimal(1), Decimal(-123)},
    {"é", "ab"},
    *map(
        Decimal,
        (
            *("0", "5", "-5", "12", "123", "-12345", "100000", "1000000001", "1E+125", "1E-130"),
            *("0.001", "0.12", "1.5", "1.05", "12.3", "-0.5", "9" * 38, "-9." + "9" * 37, "0." + "9" * 38),
        ),
    ),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: str(sorted(value) if isinstance(value, set) else value))
def test_an_item_of_the_greatest_size_fits_and_a_byte_more_does_not(
    dynamodb: BaseClient, table: str, value: Any
) -> None:
    item = {**KEY, "é": value, "filling": ""}
    item["filling"] = "x" * (MAX_ITEM_BYTES - item_size(item))
    _put(dynamodb, table, item)
    item["filling"] += "x"
    assert item_size(item) == MAX_ITEM_BYTES + 1
    with pytest.raises(ClientError, match="Item size has exceeded the maximum allowed size"):
        _put(dynamodb, table, item)
