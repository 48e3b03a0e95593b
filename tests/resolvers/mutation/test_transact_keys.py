"""Mutation.transactKeys."""

import pytest

from datastore.entities.key import KeyEntity
from datastore.errors import CancellationReason, TransactionCancelled
from datastore.expressions import equals, missing
from datastore.operations import ConditionCheck, DeleteItem, PutItem, TransactWriteItems
from resolvers.flow import Again
from resolvers.functions import check_writes, read_current
from resolvers.inputs import CheckKey, DeleteKey, KeyWrite, PutKey
from resolvers.mutation import transact_keys
from tests.resolvers.contexts import context, key_item, new_key_item, primary_key, request

PATH = "Mutation.transactKeys"
WRITES = [
    KeyWrite(put=PutKey("shop", "a", "v")),
    KeyWrite(delete=DeleteKey("shop", "b")),
    KeyWrite(check=CheckKey("shop", "c", 3)),
]


def test_puts_deletes_and_checks_go_out_together() -> None:
    ctx = context(PATH, stash={"current": [None, key_item("b"), key_item("c")], "replay": None})
    operation, _ = request(PATH, ctx, writes=WRITES, idempotency_key=None)
    same = equals("writeId", "earlier")
    assert operation == TransactWriteItems(
        (
            PutItem(new_key_item("a"), missing("PK")),
            DeleteItem(primary_key("b"), same),
            ConditionCheck(primary_key("c"), same),
        )
    )
    answers = [KeyEntity.from_item(item) for item in (new_key_item("a"), key_item("b"), key_item("c"))]
    assert transact_keys.response(ctx, None) == answers


def test_writes_are_checked_then_read_before_they_are_made() -> None:
    assert [step.__name__ for step in transact_keys.STEPS] == [check_writes.__name__, read_current.__name__]


def test_a_write_in_between_makes_it_look_again() -> None:
    with pytest.raises(Again):
        transact_keys.failure(context(PATH), TransactionCancelled([CancellationReason("ConditionalCheckFailed")]))
