"""Writes in one transaction: limits, refusals, repeats."""

from typing import Any

import pytest

from datastore.entities.key import KeyEntity
from datastore.errors import CancellationReason, ConditionFailed, LimitExceeded, TransactionCancelled
from datastore.operations import PutItem, TransactWriteItems
from resolvers.context import Context
from resolvers.flow import Again, EarlyReturn
from resolvers.inputs import CheckKey, PutKey
from resolvers.key_writes import Write
from resolvers.transactions import cancelled, only_result, transaction
from tests.resolvers.contexts import context, key_item, new_key_item


def _context(current: list[Any], *, token: str | None = None, replay: Any = None) -> Context:
    arguments = {"writes": [], "idempotency_key": token}
    return context("Mutation.transactKeys", arguments=arguments, stash={"current": current, "replay": replay})


def _puts(count: int, value: Any = "v") -> list[Write]:
    return [PutKey("shop", f"k{number}", value) for number in range(count)]


def _run(writes: list[Write], **changes: Any) -> TransactWriteItems:
    return transaction(_context([None] * len(writes), **changes), writes)


def test_each_write_is_one_action_in_the_order_given() -> None:
    ctx = _context([None, key_item("b")])
    operation = transaction(ctx, [PutKey("shop", "a", "v"), CheckKey("shop", "b", 3)])
    assert [type(each).__name__ for each in operation.writes] == ["PutItem", "ConditionCheck"]
    assert [each.to_item() for each in ctx.stash["results"]] == [new_key_item("a"), key_item("b")]


def test_a_hundred_writes_are_taken_and_one_more_is_not() -> None:
    assert len(_run(_puts(100)).writes) == 100
    with pytest.raises(LimitExceeded, match=r"100 actions, .* this one has 101"):
        _run(_puts(101))


def test_an_idempotency_key_takes_one_of_the_hundred() -> None:
    operation = _run(_puts(99), token="t")
    assert len(operation.writes) == 100
    assert isinstance(operation.writes[-1], PutItem)
    assert operation.writes[-1].item["entityType"] == "REPLAY"
    with pytest.raises(LimitExceeded, match="an idempotencyKey takes one; this one has 101"):
        _run(_puts(100), token="t")


def test_four_megabytes_may_be_written_and_no_more() -> None:
    assert _run(_puts(11, "x" * 380_000))
    with pytest.raises(LimitExceeded, match=r"may write 4194304 bytes \(4 MB\); this one would write 4\d{6}"):
        _run(_puts(12, "x" * 350_000))


def test_a_repeat_ends_with_the_first_answer() -> None:
    first = [KeyEntity.from_item(key_item()), None]
    with pytest.raises(EarlyReturn) as early:
        transaction(_context([None], replay=first), _puts(1))
    assert (early.value.value, early.value.skip_to) == (first, "END")


def test_the_repeat_of_one_write_alone_ends_with_its_answer() -> None:
    first = KeyEntity.from_item(key_item())
    with pytest.raises(EarlyReturn) as early:
        transaction(_context([None], replay=[first]), _puts(1), alone=True)
    assert early.value.value is first


def test_a_refused_write_refuses_all_with_a_reason_and_the_item_for_each() -> None:
    writes: list[Write] = [PutKey("shop", "a", 1), PutKey("shop", "b", 1, if_version=7), CheckKey("shop", "c", 1)]
    with pytest.raises(TransactionCancelled) as refused:
        transaction(_context([None, key_item("b"), None]), writes)
    assert [reason.code for reason in refused.value.reasons] == [
        "None",
        "ConditionalCheckFailed",
        "ConditionalCheckFailed",
    ]
    assert refused.value.data[0] is refused.value.data[2] is None
    assert refused.value.data[1].to_item() == key_item("b")
    assert refused.value.info
    assert "ifVersion is 7" in refused.value.info["cancellationReasons"][1]["message"]


def test_one_write_alone_is_refused_in_its_own_words() -> None:
    with pytest.raises(ConditionFailed, match="ifVersion is 7"):
        transaction(_context([None]), [PutKey("shop", "a", 1, if_version=7)], alone=True)


def test_the_answer_of_one_write_alone_is_its_key() -> None:
    ctx = _context([None])
    transaction(ctx, _puts(1), alone=True)
    assert only_result(ctx).to_item() == new_key_item("k0")


def test_a_write_of_somebody_elses_in_between_makes_it_look_again() -> None:
    reasons = [CancellationReason("None"), CancellationReason("ConditionalCheckFailed")]
    with pytest.raises(Again):
        cancelled(_context([]), TransactionCancelled(reasons))


def test_another_cause_is_the_callers_to_know() -> None:
    error = TransactionCancelled([CancellationReason("ValidationError", "too large")])
    with pytest.raises(TransactionCancelled) as raised:
        cancelled(_context([]), error)
    assert raised.value is error
