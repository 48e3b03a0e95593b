"""A value's JSON text and size from one walk are those of the value made and measured."""

from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.attribute_values import untag
from datastore.item_size import item_size
from datastore.json_text import render
from datastore.tagged_json import Tagged, text_and_size
from datastore.wire.codec import with_bytes

_TEXTS = st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.text('\\"\x00\x1f\n\tu0{}[]:,é', max_size=12))
_NUMBERS = st.one_of(
    st.integers(-(10**38) + 1, 10**38 - 1).map(str),
    st.integers(-1000, 1000).map(str),
    st.decimals(-1000, 1000, allow_nan=False, places=3).map(str),
    st.sampled_from(["0", "100", "-100", "1E+100", "-1.5E-7", "18446744073709551616", "-9223372036854775809"]),
)
_LEAVES = st.one_of(
    _TEXTS.map(lambda text: {"S": text}),
    _NUMBERS.map(lambda number: {"N": number}),
    st.booleans().map(lambda flag: {"BOOL": flag}),
    st.just({"NULL": True}),
    st.sampled_from([{"B": "AP8="}, {"BS": ["AP8=", "eA=="]}, {"NS": ["2", "1.5"]}, {"SS": ["b", "é"]}]),
)
_TAGGED = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5).map(lambda elements: {"L": elements}),
        st.dictionaries(_TEXTS, inner, max_size=5).map(lambda members: {"M": members}),
    ),
    max_leaves=20,
)


def _both_ways(value: dict[str, Any]) -> None:
    tagged = msgspec.json.decode(orjson.dumps(value), type=Tagged, strict=False)
    native = untag(with_bytes(value))
    assert text_and_size(tagged) == (render(native), item_size({"": native}))


@settings(deadline=None, max_examples=300)
@given(_TAGGED)
def test_any_value_has_the_text_and_the_size_of_the_long_way(value: dict[str, Any]) -> None:
    _both_ways(value)


@pytest.mark.parametrize(
    "text",
    ["", "null", "true", "1", "\\", '"', '\\\\"', '\\"', "\\\n\\", "\x00\x1fu000", "\\u0001", "\x7f\u2028", "😀"],
)
def test_a_text_counts_its_own_bytes_however_json_writes_it(text: str) -> None:
    _both_ways({"S": text})
    _both_ways({"M": {text: {"L": [{"S": text}]}}})


def test_a_value_without_a_known_tag_is_refused_as_the_long_way_refuses_it() -> None:
    with pytest.raises(ValueError, match="unpack"):
        text_and_size(Tagged())
