"""Identities are remembered for a while, and forgotten with every write to them."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from datastore.access_patterns import PrimaryKey
from datastore.attribute_values import tag_item
from datastore.errors import (
    OutcomeUnknown,
    Unavailable,
)
from datastore.expressions import Update
from datastore.gathering import GatheringStore
from datastore.operations import (
    BatchWriteItem,
    DeleteItem,
    GetItem,
    Operation,
    PutItem,
    TransactWriteItems,
    UpdateItem,
)
from tests.datastore.scripted_client import ScriptedClient, failing
from tests.datastore.stores import MOMENT, make_store
from tests.recording_client import RecordingClient, Sent

KNOWN = GetItem(PrimaryKey("USER#alice", "NS#fruit"), consistent=True, remembered=True)
IDENTITY = {**KNOWN.key.attributes(), "role": "OWNER"}


def knowing(sent: Sent, number: int) -> Mapping[str, Any]:
    return {"Item": tag_item(IDENTITY)} if sent.action == "GetItem" else {}


async def test_what_may_be_remembered_is_asked_for_once() -> None:
    client = ScriptedClient(knowing)
    with make_store(client, seconds=5) as store:
        assert [await store.execute(KNOWN) for _ in range(3)] == [IDENTITY] * 3
    assert len(client.sent) == 1


async def test_what_may_not_be_remembered_is_asked_for_each_time() -> None:
    client = ScriptedClient(knowing)
    with make_store(client, seconds=5) as store:
        await store.execute(KNOWN)
        await store.execute(GetItem(KNOWN.key))
    assert len(client.sent) == 2


CHANGES: list[Operation[Any]] = [
    PutItem(IDENTITY),
    UpdateItem(KNOWN.key, Update({"role": "VIEWER"})),
    DeleteItem(KNOWN.key),
    BatchWriteItem(puts=(IDENTITY,)),
    BatchWriteItem(deletes=(KNOWN.key,)),
    TransactWriteItems((PutItem({"PK": "a", "SK": "b"}), DeleteItem(KNOWN.key))),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: type(change).__name__)
async def test_every_kind_of_write_makes_an_identity_forgotten(change: Operation[Any]) -> None:
    client = ScriptedClient(knowing)
    with make_store(client, seconds=5) as store:
        await store.execute(KNOWN)
        await store.execute(change)
        assert store.recall(KNOWN) is None


@pytest.mark.parametrize("change", CHANGES[:3], ids=lambda change: type(change).__name__)
async def test_a_write_without_an_answer_makes_it_forgotten_too(change: Operation[Any]) -> None:
    def answer(sent: Sent, number: int) -> Mapping[str, Any]:
        if sent.action != "GetItem":
            raise OutcomeUnknown("lost")
        return knowing(sent, number)

    with make_store(ScriptedClient(answer), seconds=5) as store:
        await store.execute(KNOWN)
        with pytest.raises(OutcomeUnknown):
            await store.execute(change)
        assert store.recall(KNOWN) is None


async def test_what_is_read_while_a_write_is_under_way_is_not_remembered(
    recording: RecordingClient, table_names: Mapping[str, str]
) -> None:
    with make_store(recording, table_names, seconds=5) as store:
        await store.execute(PutItem({**IDENTITY, "createdAt": MOMENT}))
        await asyncio.gather(store.execute(KNOWN), store.execute(DeleteItem(KNOWN.key)))
        assert await store.execute(KNOWN) is None


async def test_a_read_that_fails_leaves_nothing_behind() -> None:
    client = failing(Unavailable("busy"), times=1)
    with make_store(client, seconds=5) as store:
        with pytest.raises(Unavailable):
            await GatheringStore(store).execute(KNOWN)
        assert await GatheringStore(store).execute(KNOWN) is None
    assert len(client.sent) == 2
