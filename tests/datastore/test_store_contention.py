"""Writes that meet others: repeated after a wait, and given up in time. One engine can't be made to answer so."""

from typing import Any

import pytest

from datastore.errors import (
    CancellationReason,
    ConditionFailed,
    OutcomeUnknown,
    TransactionCancelled,
    Unavailable,
)
from datastore.expressions import Increment, Update
from datastore.operations import (
    DeleteItem,
    Operation,
    PutItem,
    TransactWriteItems,
    UpdateItem,
)
from datastore.store import CONFLICT_ATTEMPTS
from tests.datastore.scripted_client import failing
from tests.datastore.stores import item_of, key_of, make_store
from tests.datastore.virtual_time import run

APPLE, PEAR = key_of("apple"), key_of("pear")
MET = TransactionCancelled([CancellationReason("None"), CancellationReason("TransactionConflict")])
THROTTLED = TransactionCancelled([CancellationReason("ThrottlingError"), CancellationReason("TransactionConflict")])
REFUSED = TransactionCancelled(
    [CancellationReason("TransactionConflict"), CancellationReason("ConditionalCheckFailed")]
)
TRANSACTION = TransactWriteItems((PutItem(item_of("apple")), PutItem(item_of("pear"))))
WRITES: list[Operation[Any]] = [
    TRANSACTION,
    PutItem(item_of("apple")),
    UpdateItem(APPLE, Update({"n": 1})),
    DeleteItem(APPLE),
]


@pytest.mark.parametrize("refusal", [MET, THROTTLED], ids=str)
@pytest.mark.parametrize("write", WRITES, ids=lambda write: type(write).__name__)
def test_a_write_that_another_got_in_the_way_of_is_repeated_after_a_wait(
    write: Operation[Any], refusal: Exception
) -> None:
    client = failing(refusal, times=3)
    with make_store(client) as store:
        _, waited = run(store.execute(write))
    assert len(client.sent) == 4
    assert len({str(sent) for sent in client.sent}) == 1
    assert 0 < waited < 0.02 + 0.04 + 0.08


@pytest.mark.parametrize("write", WRITES, ids=lambda write: type(write).__name__)
def test_it_is_unavailable_when_that_does_not_end(write: Operation[Any]) -> None:
    client = failing(MET, times=100)

    async def execute() -> None:
        with pytest.raises(Unavailable, match="kept getting in the way"):
            await store.execute(write)

    with make_store(client) as store:
        _, waited = run(execute())
    assert len(client.sent) == CONFLICT_ATTEMPTS
    assert waited < 1


@pytest.mark.parametrize(
    "refusal",
    [REFUSED, ConditionFailed(), TransactionCancelled([]), Unavailable("busy"), OutcomeUnknown("lost")],
    ids=lambda refusal: f"{type(refusal).__name__}-{len(getattr(refusal, 'reasons', ''))}",
)
@pytest.mark.parametrize("write", WRITES, ids=lambda write: type(write).__name__)
async def test_a_failed_condition_or_any_other_refusal_is_never_repeated(
    write: Operation[Any], refusal: Exception
) -> None:
    client = failing(refusal, times=100)
    with make_store(client) as store, pytest.raises(type(refusal)) as raised:
        await store.execute(write)
    assert raised.value is refusal
    assert len(client.sent) == 1


async def test_only_an_update_that_says_so_is_sent_once() -> None:
    client = failing(MET, times=0)
    with make_store(client) as store:
        for write in (*WRITES, UpdateItem(APPLE, Update({"n": Increment(1)}), repeatable=False)):
            await store.execute(write)
    assert client.repeatable == [True, True, True, True, False]
