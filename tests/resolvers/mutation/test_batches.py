"""Mutation.batchPutKeys and Mutation.batchDeleteKeys."""

from typing import Any

import pytest

from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest, LimitExceeded
from datastore.metering.account import Change
from datastore.operations import BatchGetItem, BatchWriteItem
from resolvers.functions import read_current, read_deleted
from resolvers.inputs import PutKey
from resolvers.mutation import batch_delete_keys, batch_put_keys
from tests.resolvers.contexts import (
    EARLIER,
    FIRST_ID,
    STAMP,
    context,
    key_item,
    new_key_item,
    primary_key,
    request,
    resolver,
)

PUT, DELETE = "Mutation.batchPutKeys", "Mutation.batchDeleteKeys"
PUTS = [PutKey("shop", "a", "v"), PutKey("shop", "b", "v")]


def _put() -> Any:
    ctx = context(PUT, stash={"current": (None, key_item("b"))})
    return request(PUT, ctx, puts=PUTS)


def test_a_batch_of_puts_counts_on_from_the_versions_just_read() -> None:
    assert [each.__name__ for each in resolver(PUT).STEPS] == [read_current.__name__]
    operation, _ = _put()
    second = key_item("b", version=4, createdAt=EARLIER, updatedAt=STAMP, writeId=FIRST_ID)
    assert operation == BatchWriteItem(puts=(new_key_item("a"), second))


def test_what_could_not_be_written_is_named() -> None:
    _, ctx = _put()
    done = batch_put_keys.response(ctx, (primary_key("b"),))
    assert ([entity.name for entity in done.items], done.unprocessed) == (["a"], ["b"])


@pytest.mark.parametrize("more", [{"if_version": 0}, {"idempotency_key": "t"}])
def test_a_batch_takes_no_conditions(more: Any) -> None:
    with pytest.raises(BadRequest, match="neither ifVersion nor idempotencyKey"):
        request(PUT, context(PUT, stash={"current": (None,)}), puts=[PutKey("shop", "a", 1, **more)])


def test_a_batch_of_deletes_names_each_key_once() -> None:
    operation, ctx = request(DELETE, namespace="shop", keys=["b", "a", "b"])
    assert operation == BatchWriteItem(deletes=(primary_key("b"), primary_key("a")))
    assert [each.__name__ for each in resolver(DELETE).STEPS] == [read_deleted.__name__]
    ctx.stash["before"] = {primary_key("b"): key_item("b"), primary_key("a"): key_item("a")}
    done = batch_delete_keys.response(ctx, (primary_key("a"),))
    assert (done.keys, done.unprocessed) == (["b"], ["a"])
    (account,) = ctx.meter.accounts()
    assert account.take(1).changes["shop"].amount == Change(-1, -KeyEntity.from_item(key_item("b")).size)
    assert ctx.meter.in_doubt == {"NS#shop"}


def test_what_a_batch_deletes_is_read_for_its_size() -> None:
    ctx = context(DELETE, arguments={"namespace": "shop", "keys": ["b", "a", "b"]})
    keys = tuple(primary_key(key) for key in ("b", "a", "b"))
    assert read_deleted.request(ctx) == BatchGetItem(keys, consistent=True)
    read_deleted.response(ctx, (key_item("b"), None, key_item("b")))
    assert ctx.stash["before"] == {primary_key("b"): key_item("b"), primary_key("a"): None}


def test_five_hundred_keys_are_deleted_and_one_more_is_not() -> None:
    operation, _ = request(DELETE, namespace="shop", keys=[f"k{number}" for number in range(500)])
    assert len(operation.deletes) == 500
    with pytest.raises(LimitExceeded, match="501 were given"):
        request(DELETE, namespace="shop", keys=["k"] * 501)
