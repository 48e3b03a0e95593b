"""Writes to keys, planned from what was read."""

from decimal import Decimal
from typing import Any

import pytest

from datastore.errors import BadRequest, ConditionFailed, LimitExceeded
from datastore.expressions import equals, missing
from datastore.operations import ConditionCheck, DeleteItem, PutItem
from resolvers.context import Context
from resolvers.inputs import CheckKey, DeleteKey, IncrementKey, PutKey
from resolvers.key_writes import Write, add, plan
from tests.resolvers.contexts import EARLIER, FIRST_ID, SECONDS, STAMP, context, key_item, new_key_item, primary_key

EXPIRED = key_item(ttl=SECONDS)
SAME = equals("writeId", "earlier")


@pytest.fixture
def ctx() -> Context:
    return context("Mutation.transactKeys")


def _put(**changes: Any) -> PutKey:
    return PutKey("shop", "k", "v", **changes)


def test_a_first_put_writes_version_1(ctx: Context) -> None:
    planned = plan(ctx, _put(), None)
    assert planned.write == PutItem(new_key_item(), missing("PK"))
    assert planned.result
    assert planned.result.to_item() == new_key_item()


def test_a_put_over_a_key_counts_on_and_keeps_its_birth(ctx: Context) -> None:
    written = key_item(version=4, updatedAt=STAMP, writeId=FIRST_ID)
    assert plan(ctx, _put(), key_item()).write == PutItem(written, SAME)


def test_a_put_over_an_expired_key_starts_again_but_only_if_it_is_still_that_one(ctx: Context) -> None:
    assert plan(ctx, _put(), EXPIRED).write == PutItem(new_key_item(), SAME)


def test_a_put_over_another_programs_item_is_its_second_version(ctx: Context) -> None:
    planned = plan(ctx, _put(), key_item(version=None, writeId=None))
    assert planned.result
    assert planned.result.version == 2
    assert planned.write == PutItem(planned.result.to_item(), missing("writeId") & equals("updatedAt", EARLIER))


def test_a_put_takes_away_the_ttl_that_was_there(ctx: Context) -> None:
    assert "ttl" not in plan(ctx, _put(), key_item(ttl=SECONDS + 9)).write.item  # type: ignore[union-attr]


def test_a_delete_answers_what_is_deleted(ctx: Context) -> None:
    planned = plan(ctx, DeleteKey("shop", "k"), key_item())
    assert planned.write == DeleteItem(primary_key("k"), SAME)
    assert planned.result
    assert planned.result.to_item() == key_item()


@pytest.mark.parametrize("stored", [None, EXPIRED])
def test_what_is_gone_already_needs_no_version_to_be_deleted(ctx: Context, stored: Any) -> None:
    assert plan(ctx, DeleteKey("shop", "k", if_version=7), stored).result is None


def test_a_check_writes_nothing(ctx: Context) -> None:
    assert plan(ctx, CheckKey("shop", "k", 3), key_item()).write == ConditionCheck(primary_key("k"), SAME)


@pytest.mark.parametrize(
    ("write", "stored"),
    [
        (_put(if_version=0), key_item()),
        (_put(if_version=2), key_item()),
        (_put(if_version=1), None),
        (_put(if_version=3), EXPIRED),
        (DeleteKey("shop", "k", if_version=2), key_item()),
        (CheckKey("shop", "k", 0), key_item()),
        (CheckKey("shop", "k", 3), EXPIRED),
        (CheckKey("shop", "k", 1), None),
    ],
)
def test_a_version_that_does_not_hold_is_refused(ctx: Context, write: Write, stored: Any) -> None:
    with pytest.raises(ConditionFailed, match="ifVersion is"):
        plan(ctx, write, stored)


@pytest.mark.parametrize(
    ("write", "stored"),
    [
        (_put(if_version=0), None),
        (_put(if_version=0), EXPIRED),
        (_put(if_version=3), key_item()),
        (_put(if_version=1), key_item(version=None)),
        (CheckKey("shop", "k", 0), None),
        (CheckKey("shop", "k", 0), EXPIRED),
    ],
)
def test_a_version_that_holds_lets_the_write_through(ctx: Context, write: Write, stored: Any) -> None:
    assert plan(ctx, write, stored)


def test_an_increment_of_nothing_starts_at_the_number_added(ctx: Context) -> None:
    planned = plan(ctx, IncrementKey("shop", "k", Decimal("0.1")), None)
    assert planned.write == PutItem(new_key_item(value=Decimal("0.1")), missing("PK"))


def test_an_increment_keeps_birth_and_expiry(ctx: Context) -> None:
    stored = key_item(value=Decimal("0.1"), ttl=SECONDS + 9)
    written = stored | {"value": Decimal("0.3"), "version": 4, "updatedAt": STAMP, "writeId": FIRST_ID}
    assert plan(ctx, IncrementKey("shop", "k", Decimal("0.2")), stored).write == PutItem(written, SAME)


@pytest.mark.parametrize(
    ("value", "kind"),
    [("5", "a string"), (True, "a boolean"), ([1], "a list"), ({"n": 1}, "an object")],
)
def test_only_a_number_can_be_incremented(ctx: Context, value: Any, kind: str) -> None:
    with pytest.raises(BadRequest, match=f"the value of 'k' is {kind}"):
        plan(ctx, IncrementKey("shop", "k", Decimal(1)), key_item(value=value))


def test_null_is_no_number(ctx: Context) -> None:
    stored = key_item() | {"value": None}
    with pytest.raises(BadRequest, match="is null"):
        plan(ctx, IncrementKey("shop", "k", Decimal(1)), stored)


@pytest.mark.parametrize(
    ("number", "by", "total"),
    [
        (Decimal("0.1"), "0.2", "0.3"),
        (10**36, "0.5", "1000000000000000000000000000000000000.5"),
        (Decimal("1e-130"), "1e-130", "2e-130"),
        (5, "-5", "0"),
    ],
)
def test_sums_are_exact(number: int | Decimal, by: str, total: str) -> None:
    assert add(number, Decimal(by)) == Decimal(total)


@pytest.mark.parametrize(("number", "by"), [(10**38, "0.1"), (Decimal("1e100"), "1e-100")])
def test_a_sum_with_more_digits_than_fit_is_refused_not_rounded(number: int | Decimal, by: str) -> None:
    with pytest.raises(LimitExceeded, match="significant digits; at most 38"):
        add(number, Decimal(by))


def test_a_sum_out_of_range_is_refused() -> None:
    with pytest.raises(BadRequest, match="out of range"):
        add(Decimal("9e125"), Decimal("9e125"))
