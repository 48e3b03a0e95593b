"""What may be said of a key's item, each condition as a table of items that it lets through."""

from datetime import timedelta
from typing import Any

import pytest

from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest, LimitExceeded
from datastore.expressions import Condition, equals, missing
from resolvers.context import Context
from resolvers.flow import Again
from resolvers.key_state import (
    LONGEST_EXPIRY_SECONDS,
    absent,
    at_version,
    check_size,
    count_afresh,
    countable,
    expiry,
    is_mine,
    live,
    not_mine,
    read,
    unchanged,
    version_refused,
)
from tests.resolvers.conditions import holds
from tests.resolvers.contexts import NOW, SECONDS, context, key_item

ITEMS: dict[str, dict[str, Any] | None] = {
    "nothing": None,
    "live": key_item(ttl=SECONDS + 1),
    "everlasting": key_item(),
    "first": key_item(version=1),
    "expired now": key_item(ttl=SECONDS),
    "expired": key_item(ttl=SECONDS - 1),
    "foreign": key_item(version=None, writeId=None),
    "foreign, expired": key_item(version=None, writeId=None, ttl=SECONDS),
}


@pytest.fixture
def ctx() -> Context:
    return context("Mutation.putKey")


def _passed(condition: Condition) -> set[str]:
    return {name for name, item in ITEMS.items() if holds(condition, item)}


def test_an_item_is_absent_from_the_very_second_of_its_ttl() -> None:
    assert _passed(absent(SECONDS)) == {"nothing", "expired now", "expired", "foreign, expired"}


def test_what_is_not_there_is_not_expired() -> None:
    assert _passed(live(SECONDS)) == {"nothing", "live", "everlasting", "first", "foreign"}


@pytest.mark.parametrize(
    ("version", "passed"),
    [
        (0, {"nothing", "expired now", "expired", "foreign, expired"}),
        (1, {"first", "foreign"}),
        (2, set()),
        (3, {"live", "everlasting"}),
    ],
)
def test_a_version_is_that_of_a_live_item_and_0_of_none(version: int, passed: set[str]) -> None:
    assert _passed(at_version(version, SECONDS)) == passed


def test_an_update_counts_on_from_nothing_or_from_a_live_version() -> None:
    assert _passed(countable(SECONDS)) == {"nothing", "live", "everlasting", "first"}


def test_an_item_of_ours_is_unchanged_while_it_bears_the_same_write() -> None:
    condition = unchanged(key_item())
    assert condition == equals("writeId", "earlier")
    assert not holds(condition, key_item(writeId="another"))
    assert not holds(condition, None)


def test_an_item_of_another_program_is_unchanged_while_its_time_is_the_same() -> None:
    condition = unchanged(key_item(writeId=None))
    assert holds(condition, key_item(writeId=None))
    assert not holds(condition, key_item(writeId=None, updatedAt="2026-01-02T00:00:00.000Z"))
    assert not holds(condition, key_item()), "our own write has come in between"


def test_nothing_is_unchanged_while_there_is_nothing() -> None:
    assert unchanged(None) == missing("PK")


def test_a_write_that_has_happened_is_known_by_its_id(ctx: Context) -> None:
    written = key_item(writeId=ctx.write_id)
    assert not holds(not_mine(ctx), written)
    assert holds(not_mine(ctx), key_item())
    assert holds(not_mine(ctx), key_item(writeId=None))
    assert [is_mine(ctx, item) for item in (written, key_item(), key_item(writeId=None), None)] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(("ttl", "there"), [(None, True), (SECONDS + 1, True), (SECONDS, False), (SECONDS - 1, False)])
def test_a_key_is_read_until_the_second_before_its_ttl(ctx: Context, ttl: int | None, there: bool) -> None:
    assert (read(ctx, key_item(ttl=ttl)) is not None) is there


def test_the_fraction_of_a_second_does_not_count(ctx: Context) -> None:
    ctx.now = NOW + timedelta(milliseconds=999)
    assert read(ctx, key_item(ttl=SECONDS + 1))


@pytest.mark.parametrize(
    ("item", "expected"),
    [(None, 0), (key_item(ttl=SECONDS), 0), (key_item(version=None), 1), (key_item(), None)],
)
def test_counting_starts_again_from_what_was_found(ctx: Context, item: Any, expected: int | None) -> None:
    with pytest.raises(Again):
        count_afresh(ctx, item)
    assert ctx.stash["expected"] == expected


def test_a_refused_version_says_which_one_is_there() -> None:
    current = KeyEntity.from_item(key_item())
    refused = version_refused(current, 2)
    assert "ifVersion is 2, but it is at version 3" in refused.message
    assert refused.data is current
    assert "it is absent" in version_refused(None, 2).message


def test_without_ttl_or_expires_in_a_key_does_not_expire(ctx: Context) -> None:
    assert expiry(ctx, None, None) is None


def test_a_ttl_is_kept_as_it_is_given(ctx: Context) -> None:
    assert expiry(ctx, SECONDS + 60, None) == SECONDS + 60


def test_expires_in_counts_from_the_next_whole_second(ctx: Context) -> None:
    assert expiry(ctx, None, 60) == SECONDS + 60
    ctx.now = NOW + timedelta(milliseconds=1)
    assert expiry(ctx, None, 60) == SECONDS + 61, "it must live for at least the seconds asked for"


@pytest.mark.parametrize("seconds", [1, LONGEST_EXPIRY_SECONDS])
def test_an_expiry_lies_from_one_second_to_ten_years_ahead(ctx: Context, seconds: int) -> None:
    assert expiry(ctx, None, seconds) == expiry(ctx, SECONDS + seconds, None) == SECONDS + seconds


@pytest.mark.parametrize("seconds", [-1, 0, LONGEST_EXPIRY_SECONDS + 1])
def test_an_expiry_beyond_that_is_refused_with_what_was_found(ctx: Context, seconds: int) -> None:
    with pytest.raises(LimitExceeded, match=f"ttl must lie .* this one lies {seconds} s from now"):
        expiry(ctx, SECONDS + seconds, None)
    with pytest.raises(LimitExceeded, match="expiresIn must lie"):
        expiry(ctx, None, seconds)


def test_milliseconds_for_a_ttl_are_refused(ctx: Context) -> None:
    with pytest.raises(LimitExceeded, match="ttl is in seconds"):
        expiry(ctx, (SECONDS + 60) * 1000, None)


def test_ttl_and_expires_in_exclude_each_other(ctx: Context) -> None:
    with pytest.raises(BadRequest, match="not both"):
        expiry(ctx, SECONDS + 60, 60)


def test_the_size_limit_is_dynamodbs_to_the_byte() -> None:
    check_size(409_600)
    with pytest.raises(LimitExceeded, match="409601 bytes; an item may have 409600"):
        check_size(409_601)
