"""A claim and what lies under it, read in one call: once without knowing whether it holds, and then if it held."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from datastore.access_patterns import PrimaryKey
from datastore.errors import StoreFault, Unavailable
from datastore.gathering import GatheringStore
from datastore.operations import GetItem
from tests.datastore.scripted_client import ScriptedClient
from tests.datastore.stores import make_store
from tests.datastore.test_gathering import actions, answer, key
from tests.recording_client import Sent

CLAIM = GetItem(PrimaryKey("USER#alice", "NS#fruit"), consistent=True, remembered=True)
AHEAD = GetItem(key(1))
BOTH = [CLAIM.key.attributes(), AHEAD.key.attributes()]


@pytest.fixture
def script() -> ScriptedClient:
    return ScriptedClient(answer)


def nothing(sent: Sent, _: int) -> Mapping[str, Any]:
    return {} if sent.action == "GetItem" else {"Responses": {}}


@pytest.mark.parametrize("alone", [False, True])
async def test_a_claim_and_what_lies_under_it_are_one_consistent_call(script: ScriptedClient, alone: bool) -> None:
    with make_store(script, seconds=5) as store:
        gathering = GatheringStore(store)
        gathering.alone = alone
        assert await gathering.read_ahead(CLAIM, AHEAD) == BOTH
        assert gathering.recall(CLAIM) == CLAIM.key.attributes()
        assert store.recall(AHEAD) is None
    (sent,) = script.sent
    ((_, request),) = sent.parameters["RequestItems"].items()
    assert request["ConsistentRead"]
    assert gathering.operations == 1


async def test_under_a_claim_that_did_not_hold_nothing_is_read_again() -> None:
    client = ScriptedClient(nothing)
    with make_store(client, seconds=5) as store:
        assert await GatheringStore(store).read_ahead(CLAIM, AHEAD) == [None, None]
        for number in range(2, 4):
            assert await GatheringStore(store).read_ahead(CLAIM, GetItem(key(number))) == [None]
    assert actions(client) == ["BatchGetItem", "GetItem", "GetItem"]


async def test_under_a_claim_that_was_never_proved_one_item_is_read_however_many_are_asked_for() -> None:
    client = ScriptedClient(nothing)
    with make_store(client) as store:
        gathering = GatheringStore(store)
        found = await asyncio.gather(*(gathering.read_ahead(CLAIM, GetItem(key(number))) for number in range(5)))
    assert found == [[None, None], *[[None]] * 4]
    (sent,) = client.sent
    ((_, request),) = sent.parameters["RequestItems"].items()
    assert [each["SK"]["S"] for each in request["Keys"]] == ["NS#fruit", "KEY#0"]


async def test_under_a_claim_that_held_all_are_one_call(script: ScriptedClient) -> None:
    with make_store(script) as store:
        await GatheringStore(store).read_ahead(CLAIM, AHEAD)
        gathering = GatheringStore(store)
        await asyncio.gather(*(gathering.read_ahead(CLAIM, GetItem(key(number))) for number in range(5)))
    assert actions(script) == ["BatchGetItem"] * 2
    assert gathering.operations == 1


def refusing_batches(failure: Exception) -> ScriptedClient:
    def refuse(sent: Sent, number: int) -> Mapping[str, Any]:
        if sent.action == "BatchGetItem":
            raise failure
        return answer(sent, number)

    return ScriptedClient(refuse)


@pytest.mark.parametrize("failure", [Unavailable("half", partly=True), StoreFault("Odd", "odd"), RuntimeError("odd")])
async def test_what_goes_wrong_with_the_two_leaves_the_claim_to_be_read_alone(failure: Exception) -> None:
    client = refusing_batches(failure)
    with make_store(client, seconds=5) as store:
        gathering = GatheringStore(store)
        assert await gathering.read_ahead(CLAIM, AHEAD) == BOTH[:1]
        assert gathering.recall(CLAIM) == BOTH[0]
    assert actions(client) == ["BatchGetItem", "GetItem"]
    assert gathering.operations == 2


async def test_a_table_that_does_not_answer_is_not_asked_a_second_time() -> None:
    client = refusing_batches(Unavailable("gone"))
    with make_store(client) as store:
        with pytest.raises(Unavailable, match="gone"):
            await GatheringStore(store).read_ahead(CLAIM, AHEAD)
        assert await GatheringStore(store).read_ahead(CLAIM, AHEAD) == BOTH[:1], "and in doubt it is read alone"
    assert actions(client) == ["BatchGetItem", "GetItem"]


async def test_who_gives_up_reading_ahead_leaves_the_claim_in_doubt(script: ScriptedClient) -> None:
    with make_store(script) as store:
        task = asyncio.create_task(GatheringStore(store).read_ahead(CLAIM, AHEAD))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert await GatheringStore(store).read_ahead(CLAIM, AHEAD) == BOTH[:1]
        assert await GatheringStore(store).read_ahead(CLAIM, AHEAD) == BOTH
