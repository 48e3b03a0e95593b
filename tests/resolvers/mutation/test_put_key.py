"""Mutation.putKey: one UpdateItem, or a transaction under an idempotencyKey."""

from typing import Any

import pytest

from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest, CancellationReason, ConditionFailed, LimitExceeded, TransactionCancelled
from datastore.expressions import IfMissing, Increment, Update, missing
from datastore.operations import PutItem, TransactWriteItems, UpdateItem
from resolvers.flow import Again, EarlyReturn
from resolvers.inputs import PutKey
from resolvers.key_state import at_version, countable, not_mine
from resolvers.mutation import put_key
from tests.resolvers.contexts import (
    EARLIER,
    FIRST_ID,
    SECONDS,
    STAMP,
    context,
    key_item,
    new_key_item,
    primary_key,
    request,
    without,
)

PATH = "Mutation.putKey"
NEW = without(new_key_item(), "PK", "SK") | {"value": {"S": "v"}}


def _put(**changes: Any) -> PutKey:
    return PutKey("shop", "k", "v", **changes)


def test_it_is_one_update_that_counts_on_from_what_is_there() -> None:
    operation, ctx = request(PATH, put=_put())
    update = Update(NEW | {"version": Increment(1), "createdAt": IfMissing(STAMP)}, remove=("ttl",))
    condition = countable(SECONDS) & not_mine(ctx)
    assert operation == UpdateItem(primary_key("k"), update, condition, returns="ALL_OLD")


def test_only_if_absent_it_starts_afresh() -> None:
    operation, ctx = request(PATH, put=_put(if_version=0))
    assert operation.update == Update(NEW, remove=("ttl",))
    assert operation.condition == at_version(0, SECONDS) & not_mine(ctx)


def test_at_a_version_it_writes_the_next() -> None:
    operation, ctx = request(PATH, put=_put(if_version=3))
    assert operation.update == Update(NEW | {"version": 4, "createdAt": IfMissing(STAMP)}, remove=("ttl",))
    assert operation.condition == at_version(3, SECONDS) & not_mine(ctx)


@pytest.mark.parametrize("expiry", [{"ttl": SECONDS + 60}, {"expires_in": 60}])
def test_an_expiry_is_kept_in_seconds(expiry: Any) -> None:
    operation, _ = request(PATH, put=_put(**expiry))
    assert operation.update.set["ttl"] == SECONDS + 60
    assert operation.update.remove == ()


@pytest.mark.parametrize(("old", "version", "created_at"), [(None, 1, STAMP), (key_item(), 4, EARLIER)])
def test_version_and_birth_follow_from_what_was_there(old: Any, version: int, created_at: str) -> None:
    _, ctx = request(PATH, put=_put())
    written = put_key.response(ctx, old)
    assert (written.version, written.created_at, written.updated_at) == (version, created_at, STAMP)


def test_our_own_lost_answer_is_a_success() -> None:
    _, ctx = request(PATH, put=_put(if_version=3))
    written = key_item(version=4, writeId=FIRST_ID)
    assert put_key.failure(ctx, ConditionFailed(item=written)) == KeyEntity.from_item(written)


@pytest.mark.parametrize(
    ("item", "data", "found"),
    [
        (key_item(), KeyEntity.from_item(key_item()), "it is at version 3"),
        (None, None, "it is absent"),
        (key_item(ttl=SECONDS), None, "it is absent"),
    ],
)
def test_another_version_is_refused_with_what_is_there(item: Any, data: Any, found: str) -> None:
    _, ctx = request(PATH, put=_put(if_version=2))
    with pytest.raises(ConditionFailed, match=found) as refused:
        put_key.failure(ctx, ConditionFailed(item=item))
    assert refused.value.data == data


@pytest.mark.parametrize(
    ("item", "condition", "written"),
    [
        (key_item(ttl=SECONDS), 0, {"version": 1, "createdAt": STAMP}),
        (key_item(version=None, writeId=None), 1, {"version": 2, "createdAt": IfMissing(STAMP)}),
    ],
)
def test_what_can_not_be_counted_on_from_is_put_again(item: Any, condition: int, written: Any) -> None:
    _, ctx = request(PATH, put=_put())
    with pytest.raises(Again):
        put_key.failure(ctx, ConditionFailed(item=item))
    again, _ = request(PATH, ctx, put=_put())
    assert again.condition == at_version(condition, SECONDS) & not_mine(ctx)
    assert {name: again.update.set[name] for name in written} == written


def test_what_can_not_be_stored_is_refused_before_any_write() -> None:
    with pytest.raises(BadRequest, match="not both"):
        request(PATH, put=_put(ttl=SECONDS + 1, expires_in=1))
    with pytest.raises(LimitExceeded, match="an item may have 409600"):
        request(PATH, put=PutKey("shop", "k", "x" * 409_600))


def test_under_an_idempotency_key_it_is_a_transaction() -> None:
    ctx = context(PATH, stash={"current": [None], "replay": None})
    operation, _ = request(PATH, ctx, put=_put(idempotency_key="t"))
    assert isinstance(operation, TransactWriteItems)
    assert operation.writes[0] == PutItem(new_key_item(), missing("PK"))
    assert put_key.response(ctx, None) == KeyEntity.from_item(new_key_item())


def test_its_repeat_ends_with_the_first_answer() -> None:
    first = KeyEntity.from_item(key_item())
    ctx = context(PATH, stash={"current": [None], "replay": [first]})
    with pytest.raises(EarlyReturn) as early:
        request(PATH, ctx, put=_put(idempotency_key="t"))
    assert early.value.value is first


def test_a_cancelled_transaction_looks_again() -> None:
    with pytest.raises(Again):
        put_key.failure(context(PATH), TransactionCancelled([CancellationReason("ConditionalCheckFailed")]))
