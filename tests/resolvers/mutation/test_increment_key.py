"""Mutation.incrementKey: one UpdateItem that is sent once, or a transaction under an idempotencyKey."""

from decimal import Decimal
from typing import Any

import pytest

from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest, CancellationReason, ConditionFailed, LimitExceeded, TransactionCancelled
from datastore.expressions import IfMissing, Increment, Update, missing
from datastore.operations import PutItem, TransactWriteItems
from resolvers.flow import Again
from resolvers.inputs import IncrementKey
from resolvers.mutation import increment_key
from tests.resolvers.conditions import holds
from tests.resolvers.contexts import SECONDS, STAMP, context, key_item, new_key_item, primary_key, request, without

PATH = "Mutation.incrementKey"
BY_TWO = IncrementKey("shop", "k", Decimal(2))
NEW = without(new_key_item(value=Decimal(2)), "PK", "SK")
ITEMS: dict[str, Any] = {
    "nothing": None,
    "number": key_item(value=1),
    "text": key_item(value="1"),
    "expired number": key_item(value=1, ttl=SECONDS),
    "number without version": key_item(value=1, version=None, writeId=None),
    "expired without version": key_item(value=1, version=None, ttl=SECONDS),
}


def _passed(operation: Any) -> set[str]:
    return {name for name, item in ITEMS.items() if holds(operation.condition, item)}


def test_it_adds_in_one_update_that_is_never_repeated() -> None:
    operation, _ = request(PATH, increment=BY_TWO)
    counted = {"value": Increment(Decimal(2)), "version": Increment(1, start=0), "createdAt": IfMissing(STAMP)}
    assert (operation.key, operation.update) == (primary_key("k"), Update(NEW | counted))
    assert (operation.returns, operation.repeatable) == ("ALL_NEW", False)


def test_it_counts_on_from_nothing_or_a_live_number() -> None:
    assert _passed(request(PATH, increment=BY_TWO)[0]) == {"nothing", "number"}


def test_the_answer_is_the_key_as_it_is_now() -> None:
    _, ctx = request(PATH, increment=BY_TWO)
    assert increment_key.response(ctx, key_item(value=3)) == KeyEntity.from_item(key_item(value=3))


@pytest.mark.parametrize("name", ["expired number", "expired without version"])
def test_an_expired_key_starts_again(name: str) -> None:
    _, ctx = request(PATH, increment=BY_TWO)
    with pytest.raises(Again):
        increment_key.failure(ctx, ConditionFailed(item=ITEMS[name]))
    again, _ = request(PATH, ctx, increment=BY_TWO)
    assert again.update == Update(NEW, remove=("ttl",))
    assert _passed(again) == {"nothing", "expired number", "expired without version"}


def test_a_number_of_another_program_counts_as_version_1() -> None:
    _, ctx = request(PATH, increment=BY_TWO)
    with pytest.raises(Again):
        increment_key.failure(ctx, ConditionFailed(item=ITEMS["number without version"]))
    again, _ = request(PATH, ctx, increment=BY_TWO)
    assert again.update.set["version"] == Increment(1, start=1)
    assert _passed(again) == {"number without version"}


def test_what_has_a_version_again_is_counted_as_any_other() -> None:
    ctx = context(PATH, stash={"expected": 0})
    with pytest.raises(Again):
        increment_key.failure(ctx, ConditionFailed(item=ITEMS["number"]))
    assert _passed(request(PATH, ctx, increment=BY_TWO)[0]) == {"nothing", "number"}


def test_anything_but_a_number_is_refused() -> None:
    _, ctx = request(PATH, increment=BY_TWO)
    with pytest.raises(BadRequest, match="the value of 'k' is a string"):
        increment_key.failure(ctx, ConditionFailed(item=ITEMS["text"]))


def test_a_number_that_can_not_be_stored_is_refused_by_its_name() -> None:
    with pytest.raises(LimitExceeded, match="by has 39 significant digits"):
        request(PATH, increment=IncrementKey("shop", "k", Decimal("1" * 39)))


def test_under_an_idempotency_key_it_is_a_transaction() -> None:
    ctx = context(PATH, stash={"current": [None], "replay": None})
    operation, _ = request(PATH, ctx, increment=IncrementKey("shop", "k", Decimal(2), "t"))
    assert isinstance(operation, TransactWriteItems)
    assert operation.writes[0] == PutItem(new_key_item(value=Decimal(2)), missing("PK"))
    assert increment_key.response(ctx, None) == KeyEntity.from_item(new_key_item(value=Decimal(2)))
    with pytest.raises(Again):
        increment_key.failure(ctx, TransactionCancelled([CancellationReason("ConditionalCheckFailed")]))
