"""What a write under an idempotencyKey leaves behind, and what its repeat is told."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest, IdempotencyMismatch, LimitExceeded
from datastore.exact_numbers import ExactFloat
from datastore.operations import Item
from resolvers.context import Context, Identity
from resolvers.inputs import IncrementKey, PutKey
from resolvers.key_state import absent
from resolvers.replays import remember, replay, replay_key, token_of
from tests.resolvers.contexts import NOW, SECONDS, STAMP, context, key_item, without

DAY = 24 * 3600
TOKEN = "t"


def _context(value: Any = "v", *, path: str = "Mutation.putKey", token: str | None = TOKEN, **changes: Any) -> Context:
    put = PutKey("shop", "k", value, idempotency_key=token)
    return context(path, arguments={"put": put}, **changes)


def _remembered(ctx: Context, *results: KeyEntity | None) -> Item:
    return remember(ctx, "t", results).item


def test_the_token_is_found_in_an_input_or_among_the_arguments() -> None:
    assert token_of(_context(token="in the put")) == "in the put"
    assert token_of(context("Mutation.transactKeys", arguments={"writes": [], "idempotency_key": "beside"})) == "beside"
    assert token_of(_context(token=None)) is None
    assert token_of(context("Mutation.transactKeys", arguments={"writes": []})) is None


@pytest.mark.parametrize("token", ["", "x" * 129])
def test_a_token_has_1_to_128_characters(token: str) -> None:
    with pytest.raises(LimitExceeded, match=f"1 to 128 characters; this one has {len(token)}"):
        token_of(_context(token=token))


def test_the_longest_token_is_taken() -> None:
    assert token_of(_context(token="é" * 128)) == "é" * 128


@pytest.mark.parametrize("token", ["a\nb", "\0", "\ud800"])
def test_a_token_is_printable(token: str) -> None:
    with pytest.raises(BadRequest, match="printable"):
        token_of(_context(token=token))


def test_each_callers_tokens_are_his_own() -> None:
    mine, yours = replay_key(_context(), "t"), replay_key(_context(identity=Identity("bob")), "t")
    assert mine.pk == "USER#alice"
    assert yours.pk == "USER#bob"
    assert TOKEN not in mine.sk.partition("#")[2], "the token itself is not stored"


def test_what_was_written_is_remembered_for_a_day_unless_it_is_already() -> None:
    ctx = _context()
    put = remember(ctx, "t", [KeyEntity.from_item(key_item()), None])
    assert put.condition == absent(SECONDS)
    assert without(put.item, "payload", "result") == {
        **replay_key(ctx, TOKEN).attributes(),
        "entityType": "REPLAY",
        "createdAt": STAMP,
        "updatedAt": STAMP,
        "ttl": SECONDS + DAY,
    }


def test_a_repeat_is_answered_as_the_first_was() -> None:
    entity = KeyEntity.from_item(key_item())
    assert replay(_context(), _remembered(_context(), entity, None)) == [entity, None]


def test_without_a_first_there_is_nothing_to_repeat() -> None:
    assert replay(_context(), None) is None


@pytest.mark.parametrize(("seconds", "known"), [(DAY - 1, True), (DAY, False)])
def test_a_first_is_forgotten_at_the_very_second(seconds: int, known: bool) -> None:
    item = _remembered(_context(), None)
    later = _context(now=NOW + timedelta(seconds=seconds))
    assert (replay(later, item) is not None) is known


@pytest.mark.parametrize(
    "other",
    [
        _context("another value"),
        _context(["v"]),
        _context(path="Mutation.touchKey"),
        context("Mutation.putKey", arguments={"put": PutKey("shop", "K", "v", idempotency_key="t")}),
        context("Mutation.putKey", arguments={"put": PutKey("shop", "k", "v", if_version=0, idempotency_key="t")}),
    ],
)
def test_the_same_token_with_another_payload_is_refused(other: Context) -> None:
    with pytest.raises(IdempotencyMismatch):
        replay(other, _remembered(_context(), None))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        (1, True, False),
        (1, "1", False),
        (0, False, False),
        (None, "null", False),
        (ExactFloat("0.1"), ExactFloat("0.10000000000000000000001"), False),
        (10**30, 10**30 + 1, False),
    ],
)
def test_payloads_are_compared_by_value(first: Any, second: Any, same: bool) -> None:
    item = _remembered(_context(first), None)
    if same:
        assert replay(_context(second), item) is not None
    else:
        with pytest.raises(IdempotencyMismatch):
            replay(_context(second), item)


def test_increments_by_other_numbers_are_other_payloads() -> None:
    one, other = (
        context("Mutation.incrementKey", arguments={"increment": IncrementKey("shop", "k", by, "t")})
        for by in (Decimal("0.1"), Decimal("0.2"))
    )
    with pytest.raises(IdempotencyMismatch):
        replay(other, _remembered(one, None))


def test_more_than_an_item_can_hold_is_refused_with_the_size() -> None:
    large = KeyEntity.from_item(key_item(value="x" * 300_000))
    with pytest.raises(LimitExceeded, match=r"must remember would take 6\d{5} bytes; an item may have 409600"):
        remember(_context(), "t", [large, large])
