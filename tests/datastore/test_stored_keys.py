"""A key read straight from the wire is the key that the long way reads; anything else is left to the long way."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from boto3.dynamodb.types import Binary, TypeSerializer
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.attribute_values import tag_item, untag_item
from datastore.entities.key import KeyEntity
from datastore.json_text import parse
from datastore.key_answers import read_changed_key, read_key, read_keys
from datastore.native_values import to_native
from datastore.stored_keys import StoredKey
from datastore.wire.codec import encode
from tests.datastore.json_values import texts

ITEM: Mapping[str, Any] = {
    "PK": "NS#myapp",
    "SK": "KEY#user:é#1",
    "GSI1PK": "NS#myapp",
    "GSI1SK": "KEY#user:é#1",
    "entityType": "KEY",
    "value": {"name": "John"},
    "version": 1200,
    "ttl": 2_000_000_000,
    "writeId": "w",
    "createdAt": "2026-01-01T00:00:00.000Z",
    "updatedAt": "2026-12-31T23:59:59.999Z",
}


def _body(tagged: Mapping[str, Any], name: str = "Item") -> bytes:
    return orjson.dumps({name: tagged})


def _seen(key: KeyEntity | StoredKey) -> tuple[Any, ...]:
    return (
        key.namespace,
        key.name,
        key.version,
        key.ttl,
        key.created_at,
        key.updated_at,
        key.is_live(2_000_000_000),
        key.is_live(1_999_999_999),
        *key.rendered(),
    )


def _both_ways(item: Mapping[str, Any]) -> None:
    tagged = tag_item(item)
    answer = read_key(_body(tagged))
    assert answer is not None
    assert isinstance(answer["Item"], StoredKey)
    assert _by_expressions(answer["Item"]) == _by_properties(answer["Item"])
    assert _seen(answer["Item"]) == _seen(KeyEntity.from_item(untag_item(tagged)))


def _by_expressions(key: StoredKey) -> Mapping[str, Any]:
    return {name: eval(expression, {"source": key}) for name, expression in StoredKey.EXPRESSIONS.items()}  # noqa: S307


def _by_properties(key: StoredKey) -> Mapping[str, Any]:
    value, size = key.rendered()
    names = ("namespace", "key", "ttl", "version", "created_at", "updated_at")
    return {"value": value, "size": size, **{name: getattr(key, name) for name in names}}


@settings(deadline=None)
@given(texts)
def test_any_value_is_read_as_the_long_way_reads_it(text: str) -> None:
    _both_ways({**ITEM, "value": to_native(parse(text))})


@settings(deadline=None)
@given(st.text(max_size=50).filter(lambda text: text.isprintable()), st.sampled_from([1, 10, 99, 100, 12_340]))
def test_any_key_and_version_are_read_as_the_long_way_reads_them(key: str, version: int) -> None:
    _both_ways({**ITEM, "SK": f"KEY#{key}", "GSI1SK": f"KEY#{key}", "version": version})


@pytest.mark.parametrize("absent", ["value", "version", "ttl", "writeId"])
def test_an_item_may_lack_what_other_programs_leave_out(absent: str) -> None:
    _both_ways({name: value for name, value in ITEM.items() if name != absent})


def test_an_item_may_be_in_no_index() -> None:
    _both_ways({name: value for name, value in ITEM.items() if not name.startswith("GSI1")})


def test_what_another_program_adds_is_left_alone() -> None:
    _both_ways({**ITEM, "colour": "red", "rendered": {"a": [1]}})


@pytest.mark.parametrize(
    "value", [b"\x00\xff", {"blob": b"abc"}, [{b"x", b"y"}], {"set": {"a", "b"}}, {"numbers": {1, 2}}]
)
def test_binary_and_sets_are_shown_as_the_long_way_shows_them(value: Any) -> None:
    wire = orjson.loads(encode("PutItem", {"value": _serialized(value)}))["value"]
    tagged = {**tag_item(ITEM), "value": wire}
    answer = read_key(_body(tagged))
    assert answer is not None
    whole = {**ITEM, "value": untag_item({"value": _serialized(value)})["value"]}
    assert answer["Item"].rendered() == KeyEntity.from_item(whole).rendered()


def _serialized(value: Any) -> Any:
    """As boto3 tags it, with plain bytes for its Binary."""
    match TypeSerializer().serialize(value):
        case {"B": Binary() as binary}:
            return {"B": bytes(binary)}
        case {"BS": binaries}:
            return {"BS": sorted(map(bytes, binaries))}
        case {"M": members}:
            return {"M": {name: _serialized(value[name]) for name in members}}
        case {"L": elements}:
            return {"L": [_serialized(each) for each, _ in zip(value, elements, strict=True)]}
        case {"SS": texts_}:
            return {"SS": sorted(texts_)}
        case other:
            return other


@pytest.mark.parametrize(
    "change",
    [
        {"PK": "NS#Not a namespace"},
        {"PK": "USER#1"},
        {"SK": "METADATA", "GSI1SK": "METADATA"},
        {"entityType": "NAMESPACE"},
        {"createdAt": "yesterday"},
        {"updatedAt": "2026-02-30T00:00:00.000Z"},
        {"updatedAt": "2024-02-29T00:00:00.000Z"},
        {"createdAt": "2026-01-01T24:00:00.000Z"},
        {"createdAt": "2026-01-01T00:00:00+01:00"},
        {"GSI1PK": "NS#other"},
        {"GSI1SK": "KEY#other"},
        {"version": "seven"},
        {"version": 7.5},
        {"ttl": "soon"},
        {"writeId": 5},
    ],
    ids=repr,
)
def test_what_is_out_of_the_ordinary_is_left_to_the_long_way(change: Mapping[str, Any]) -> None:
    tagged = {**tag_item(ITEM), **TypeSerializer().serialize(_decimals(change))["M"]}
    assert read_key(_body(tagged)) is None
    assert read_changed_key(_body(tagged, "Attributes")) is None
    assert read_keys(orjson.dumps({"Items": [tag_item(ITEM), tagged]})) is None


def _decimals(change: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: parse_number(value) if isinstance(value, float) else value for name, value in change.items()}


def parse_number(value: float) -> Any:
    return to_native(value)


@pytest.mark.parametrize("missing", ["PK", "SK", "entityType", "createdAt", "updatedAt"])
def test_an_item_without_a_required_attribute_is_left_to_the_long_way(missing: str) -> None:
    tagged = {name: value for name, value in tag_item(ITEM).items() if name != missing}
    assert read_key(_body(tagged)) is None


@pytest.mark.parametrize("body", [b"", b"[]", b'{"Item":', b'{"Item": 5}', b"\xff", b'{"Items": {}}'])
def test_what_is_no_answer_is_left_to_the_long_way(body: bytes) -> None:
    assert read_keys(body) is None


@pytest.mark.parametrize(
    "change",
    [{"PK": "NS#other"}, {"SK": "KEY#other"}, {"PK": "USER#1", "GSI1PK": "USER#1"}, {"createdAt": "yesterday"}],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_odd_item_anywhere_sends_the_page_the_long_way(change: Mapping[str, Any], place: int) -> None:
    items = [tag_item(ITEM), tag_item(ITEM), tag_item(ITEM)]
    assert read_keys(orjson.dumps({"Items": items})) is not None
    items[place] = tag_item({**ITEM, **change})
    assert read_keys(orjson.dumps({"Items": items})) is None


def test_an_absent_item_is_none() -> None:
    assert read_key(b"{}") == {"Item": None}
    assert read_changed_key(b"{}") == {"Attributes": None}


def test_a_page_says_where_it_ends() -> None:
    last = tag_item({"PK": "NS#myapp", "SK": "KEY#a"})
    answer = read_keys(orjson.dumps({"Items": [tag_item(ITEM)], "LastEvaluatedKey": last}))
    assert answer is not None
    assert answer["LastEvaluatedKey"] == last
    assert [each["GSI1SK"] for each in answer["Items"]] == [ITEM["GSI1SK"]]
