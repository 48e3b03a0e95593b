"""An API key's form, and what is refused by it without a read."""

import hashlib
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.api_keys import digest_api_key, is_api_key, make_api_key, shown_prefix

ALPHABET = string.digits + string.ascii_letters
TEXT = make_api_key(bytes(range(1, 25)))


def number(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * 62 + (string.digits + string.ascii_uppercase + string.ascii_lowercase).index(digit)
    return value


@settings(deadline=None)
@given(st.binary(min_size=24, max_size=24))
def test_a_key_has_47_characters_that_give_its_24_bytes_back(secret: bytes) -> None:
    text = make_api_key(secret)
    assert re.fullmatch(r"kv_live_[0-9A-Za-z]{39}", text)
    assert number(text[8:41]).to_bytes(24) == secret
    assert is_api_key(text)


def test_the_form_never_changes() -> None:
    assert make_api_key(bytes(24)) == "kv_live_" + "0" * 33 + "0oL2A8"
    assert is_api_key(make_api_key(b"\xff" * 24))


def test_every_change_of_one_character_is_refused() -> None:
    for place in range(len(TEXT)):
        for other in set(ALPHABET + "-_ é") - {TEXT[place]}:
            assert not is_api_key(TEXT[:place] + other + TEXT[place + 1 :]), (place, other)


def test_two_neighbours_that_change_places_are_refused() -> None:
    for place in range(len(TEXT) - 1):
        swapped = TEXT[:place] + TEXT[place + 1] + TEXT[place] + TEXT[place + 2 :]
        assert swapped == TEXT or not is_api_key(swapped)


@pytest.mark.parametrize(
    "text", ["", "kv_live_", TEXT[:-1], TEXT + "0", " " + TEXT, TEXT + "\n", TEXT.upper(), TEXT * 2]
)
def test_another_length_or_form_is_refused(text: str) -> None:
    assert not is_api_key(text)


def test_a_key_is_stored_by_its_sha_256() -> None:
    assert digest_api_key(TEXT) == hashlib.sha256(TEXT.encode()).hexdigest()


def test_what_is_shown_of_a_key_is_too_little_to_use_it() -> None:
    assert shown_prefix(TEXT) == TEXT[:14]
    assert not is_api_key(shown_prefix(TEXT))
