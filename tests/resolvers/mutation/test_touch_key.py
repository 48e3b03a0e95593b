"""Mutation.touchKey."""

from typing import Any

import pytest

from datastore.entities.key import KeyEntity
from datastore.errors import ConditionFailed
from datastore.expressions import Increment, Update
from datastore.metering.account import Change
from resolvers.mutation import touch_key
from tests.resolvers.conditions import holds
from tests.resolvers.contexts import FIRST_ID, SECONDS, STAMP, key_item, primary_key, request

PATH = "Mutation.touchKey"
CHANGES = {"version": Increment(1, start=1), "updatedAt": STAMP, "writeId": FIRST_ID}


def _request(expires_in: int | None = 60) -> Any:
    return request(PATH, namespace="shop", key="k", expires_in=expires_in)


def test_it_sets_when_the_key_expires() -> None:
    operation, _ = _request()
    assert (operation.key, operation.update) == (primary_key("k"), Update(CHANGES | {"ttl": SECONDS + 60}))
    assert operation.returns == "ALL_OLD"


def test_null_clears_it() -> None:
    operation, _ = _request(None)
    assert operation.update == Update(CHANGES, remove=("ttl",))


@pytest.mark.parametrize(
    ("item", "passed"),
    [
        (key_item(), True),
        (key_item(version=None, writeId=None), True),
        (None, False),
        (key_item(ttl=SECONDS), False),
        (key_item(writeId=FIRST_ID), False),
    ],
)
def test_it_touches_what_is_there_alive_and_once(item: Any, passed: bool) -> None:
    assert holds(_request()[0].condition, item) is passed


@pytest.mark.parametrize(("expires_in", "ttl"), [(60, SECONDS + 60), (None, None)])
def test_the_answer_is_the_key_as_it_is_now(expires_in: int | None, ttl: int | None) -> None:
    _, ctx = _request(expires_in)
    now = KeyEntity.from_item(key_item(version=4, updatedAt=STAMP, writeId=FIRST_ID, ttl=ttl))
    assert touch_key.response(ctx, key_item(ttl=SECONDS + 5)).to_item() == now.to_item()


def test_the_owner_s_quota_learns_of_the_expiry() -> None:
    _, ctx = _request()
    after = touch_key.response(ctx, key_item())
    (account,) = ctx.meter.accounts()
    size = after.size - KeyEntity.from_item(key_item()).size
    assert account.take(1).changes["shop"].amount == Change(0, size, expiring=True)


@pytest.mark.parametrize("item", [None, key_item(ttl=SECONDS)])
def test_where_there_is_no_key_it_answers_null(item: Any) -> None:
    _, ctx = _request()
    assert touch_key.failure(ctx, ConditionFailed(item=item)) is None


def test_our_own_lost_answer_is_a_success() -> None:
    _, ctx = _request()
    touched = key_item(writeId=FIRST_ID)
    assert touch_key.failure(ctx, ConditionFailed(item=touched)) == KeyEntity.from_item(touched)
    assert ctx.meter.in_doubt == {"NS#shop"}
