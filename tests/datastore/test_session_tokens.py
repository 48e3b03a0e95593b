"""The form of a session token: whose it is, 256 random bits, and a checksum that spares a read."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datastore.session_tokens import (
    PREFIX,
    SECRET_BYTES,
    digest_session_token,
    make_session_token,
    user_of_session_token,
)

TOKEN = make_session_token("alice", bytes(range(SECRET_BYTES)))


def test_a_token_has_256_random_bits() -> None:
    assert SECRET_BYTES * 8 == 256


@given(st.from_regex(r"\A[A-Za-z0-9_-]{1,64}\Z"), st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES))
def test_a_token_tells_its_user_and_nothing_of_another(user_id: str, secret: bytes) -> None:
    token = make_session_token(user_id, secret)
    assert user_of_session_token(token) == user_id
    assert len(token) == len(PREFIX) + len(user_id) + 1 + 43 + 6


@given(st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES), st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES))
def test_other_bytes_give_another_token(one: bytes, other: bytes) -> None:
    assert (make_session_token("u", one) == make_session_token("u", other)) == (one == other)


@pytest.mark.parametrize("place", range(len(PREFIX), len(TOKEN)))
def test_a_mistyped_character_is_found_without_a_read(place: int) -> None:
    other = "A" if TOKEN[place] != "A" else "B"
    assert user_of_session_token(TOKEN[:place] + other + TOKEN[place + 1 :]) is None


@pytest.mark.parametrize(
    "text",
    ["", PREFIX, TOKEN[:-1], TOKEN + "0", TOKEN + "\n", " " + TOKEN, TOKEN.upper(), "kv_session_a#b." + "0" * 49],
)
def test_what_has_another_form_is_no_token(text: str) -> None:
    assert user_of_session_token(text) is None


def test_a_session_is_stored_under_its_token_s_sha_256() -> None:
    assert digest_session_token(TOKEN) == hashlib.sha256(TOKEN.encode()).hexdigest()
