"""A page token opens only as it was given, for the same caller, list and arguments (T3)."""

import hashlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.cursors import CursorSeal, bind
from datastore.errors import InvalidCursor

OLD, NEW, UNKNOWN = b"o" * 32, b"n" * 32, b"u" * 32
POSITION = {"PK": "NS#fruit", "SK": "KEY#é\0😀"}
BINDING = bind("alice", "Query.keys", {"namespace": "fruit", "prefix": "a"})
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

seal = CursorSeal([NEW])
TOKEN = seal.seal(POSITION, BINDING)


def refused(token: str, binding: bytes = BINDING) -> bool:
    with pytest.raises(InvalidCursor, match="page token is not one of this list"):
        seal.open(token, binding)
    return True


def test_a_token_opens_to_the_position_that_was_sealed() -> None:
    assert seal.open(TOKEN, BINDING) == POSITION


def test_a_token_is_opaque_and_safe_in_a_url() -> None:
    assert set(TOKEN) <= set(_ALPHABET)
    assert "fruit" not in TOKEN


def test_one_position_is_never_sealed_alike_twice() -> None:
    assert seal.seal(POSITION, BINDING) != TOKEN


def _flipped() -> Iterator[str]:
    for place, character in enumerate(TOKEN):
        for bit in range(6):
            other = _ALPHABET[_ALPHABET.index(character) ^ 1 << bit]
            yield TOKEN[:place] + other + TOKEN[place + 1 :]


def test_every_single_bit_flip_is_refused() -> None:
    assert sum(map(refused, _flipped())) == 6 * len(TOKEN)


def test_every_truncation_is_refused() -> None:
    assert all(refused(TOKEN[:length]) for length in range(len(TOKEN)))


@pytest.mark.parametrize("more", ["=", "==", "A", "AAAA", " ", "\n", "-", "é", "\ud800", "\0", "." + "A" * 50])
def test_anything_added_is_refused(more: str) -> None:
    assert refused(TOKEN + more)
    assert refused(more + TOKEN)


@pytest.mark.parametrize("token", ["", "=", "é" * 60, "\ud800", "x" * 100_000, "+/+/", "AQ", "{}", "\u0661" * 60])
def test_what_was_never_a_token_is_refused(token: str) -> None:
    assert refused(token)


@settings(deadline=None)
@given(st.text())
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    ("caller", "field", "arguments"),
    [
        ("bob", "Query.keys", {"namespace": "fruit", "prefix": "a"}),
        ("alice", "Query.namespaces", {"namespace": "fruit", "prefix": "a"}),
        ("alice", "Query.keys", {"namespace": "nuts", "prefix": "a"}),
        ("alice", "Query.keys", {"namespace": "fruit", "prefix": "b"}),
        ("alice", "Query.keys", {"namespace": "fruit", "prefix": None}),
        ("alice", "Query.keys", {"namespace": "fruit"}),
        ("alice", "Query.keys", {"namespace": "fruit", "prefix": "a", "reverse": True}),
    ],
)
def test_a_token_is_refused_elsewhere(caller: str, field: str, arguments: dict[str, Any]) -> None:
    assert refused(TOKEN, bind(caller, field, arguments))


def test_the_order_of_arguments_does_not_matter() -> None:
    assert seal.open(TOKEN, bind("alice", "Query.keys", {"prefix": "a", "namespace": "fruit"})) == POSITION


def test_an_old_key_in_rotation_still_opens_its_tokens() -> None:
    token = CursorSeal([OLD]).seal(POSITION, BINDING)
    assert CursorSeal([NEW, OLD]).open(token, BINDING) == POSITION


def test_the_first_key_seals() -> None:
    token = CursorSeal([NEW, OLD]).seal(POSITION, BINDING)
    assert CursorSeal([NEW]).open(token, BINDING) == POSITION
    with pytest.raises(InvalidCursor):
        CursorSeal([OLD]).open(token, BINDING)


def test_a_token_of_an_unknown_key_is_refused() -> None:
    assert refused(CursorSeal([UNKNOWN]).seal(POSITION, BINDING))


def test_two_keys_that_go_by_one_number_both_work() -> None:
    def number(key: bytes) -> int:
        return hashlib.sha256(b"kv cursor key" + key).digest()[0]

    candidates = (count.to_bytes(32) for count in itertools.count())
    twin = next(key for key in candidates if number(key) == number(OLD))
    rotated = CursorSeal([twin, OLD])
    assert rotated.open(CursorSeal([OLD]).seal(POSITION, BINDING), BINDING) == POSITION
    assert CursorSeal([twin]).open(rotated.seal(POSITION, BINDING), BINDING) == POSITION
