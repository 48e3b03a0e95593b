"""GetItems of one tick become one call, and each who asked gets an answer of his own."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from datastore.access_patterns import PrimaryKey
from datastore.errors import Unavailable
from datastore.gathering import GatheringStore
from datastore.operations import GetItem, Item, Nothing, PutItem
from datastore.store import Store
from datastore.tables import OIDC_STATE
from tests.datastore.scripted_client import ScriptedClient, failing
from tests.datastore.stores import item_of, key_of, make_store
from tests.recording_client import RecordingClient, Sent


def answer(sent: Sent, _: int) -> Mapping[str, Any]:
    """Every item is there, and is its bare key."""
    if sent.action == "GetItem":
        return {"Item": sent.parameters["Key"]}
    ((table, request),) = sent.parameters["RequestItems"].items()
    return {"Responses": {table: request["Keys"]}}


@pytest.fixture
def script() -> ScriptedClient:
    return ScriptedClient(answer)


def key(number: int) -> PrimaryKey:
    return PrimaryKey("NS#fruit", f"KEY#{number}")


async def ask(store: GatheringStore, *operations: GetItem) -> list[Item | None]:
    return await asyncio.gather(*map(store.execute, operations))


def actions(script: ScriptedClient) -> list[str]:
    return [sent.action for sent in script.sent]


async def test_those_of_one_tick_are_one_call(script: ScriptedClient) -> None:
    with make_store(script) as store:
        gathering = GatheringStore(store)
        found = await ask(gathering, *(GetItem(key(number)) for number in range(5)))
    assert found == [key(number).attributes() for number in range(5)]
    assert actions(script) == ["BatchGetItem"]
    assert gathering.operations == 1


async def test_one_alone_is_a_plain_get(script: ScriptedClient) -> None:
    with make_store(script) as store:
        assert await ask(GatheringStore(store), GetItem(key(1))) == [key(1).attributes()]
    assert actions(script) == ["GetItem"]


async def test_one_key_asked_for_often_is_one_get(script: ScriptedClient) -> None:
    with make_store(script) as store:
        assert await ask(GatheringStore(store), *[GetItem(key(1))] * 5) == [key(1).attributes()] * 5
    assert actions(script) == ["GetItem"]


async def test_ticks_apart_are_calls_apart(script: ScriptedClient) -> None:
    with make_store(script) as store:
        gathering = GatheringStore(store)
        await ask(gathering, GetItem(key(1)), GetItem(key(2)))
        await ask(gathering, GetItem(key(3)), GetItem(key(4)))
    assert actions(script) == ["BatchGetItem"] * 2
    assert gathering.operations == 2


async def test_keys_of_several_tables_travel_together(store: Store, recording: RecordingClient) -> None:
    here = key_of("apple")
    there = here._replace(table=OIDC_STATE)
    await store.execute(PutItem({**there.attributes(), "n": 1}, table=OIDC_STATE))
    recording.sent.clear()
    found = await ask(GatheringStore(store), GetItem(here, consistent=True), GetItem(there, consistent=True))
    assert found == [None, {**there.attributes(), "n": 1}]
    assert recording.actions() == ["BatchGetItem"]


async def test_consistent_and_eventual_reads_travel_apart(script: ScriptedClient) -> None:
    reads = [GetItem(key(number), consistent=number % 2 == 0) for number in range(4)]
    with make_store(script) as store:
        assert await ask(GatheringStore(store), *reads) == [key(number).attributes() for number in range(4)]
    (requests,) = zip(*(sent.parameters["RequestItems"].values() for sent in script.sent), strict=True)
    asked = {request.get("ConsistentRead", False): [key["SK"]["S"] for key in request["Keys"]] for request in requests}
    assert asked == {True: ["KEY#0", "KEY#2"], False: ["KEY#1", "KEY#3"]}


async def test_150_keys_are_two_calls(script: ScriptedClient) -> None:
    with make_store(script) as store:
        found = await ask(GatheringStore(store), *(GetItem(key(number)) for number in range(150)))
    assert found == [key(number).attributes() for number in range(150)]
    assert actions(script) == ["BatchGetItem"] * 2


@pytest.mark.parametrize("keys", [[1, 1, 1], [1, 2, 3]])
async def test_a_refusal_reaches_everybody_who_waits(keys: list[int]) -> None:
    with make_store(failing(Unavailable("busy"), times=1)) as store:
        gathering = GatheringStore(store)
        reads = (gathering.execute(GetItem(key(number))) for number in keys)
        answers = await asyncio.gather(*reads, return_exceptions=True)
    assert [type(each) for each in answers] == [Unavailable] * 3


async def test_one_who_gives_up_costs_the_others_nothing(script: ScriptedClient) -> None:
    with make_store(script) as store:
        gathering = GatheringStore(store)
        tasks = [asyncio.create_task(gathering.execute(GetItem(key(number)))) for number in range(3)]
        await asyncio.sleep(0)  # all have asked, and none is answered
        tasks[0].cancel()
        first, *others = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(first, asyncio.CancelledError)
    assert others == [key(1).attributes(), key(2).attributes()]


async def test_a_refusal_nobody_waits_for_any_more_is_not_reported(caplog: pytest.LogCaptureFixture) -> None:
    with make_store(failing(Unavailable("busy"), times=1)) as store:
        task = asyncio.create_task(GatheringStore(store).execute(GetItem(key(1))))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    assert task.cancelled()
    assert caplog.text == ""


async def test_what_is_remembered_costs_no_call(script: ScriptedClient) -> None:
    reads = [GetItem(key(number), remembered=True) for number in range(3)]
    with make_store(script, seconds=5) as store:
        await ask(GatheringStore(store), *reads)
        again = GatheringStore(store)
        assert await ask(again, *reads, GetItem(key(9))) == [key(number).attributes() for number in (0, 1, 2, 9)]
    assert actions(script) == ["BatchGetItem", "GetItem"]
    assert again.operations == 1


async def test_other_operations_pass_through_and_are_counted(script: ScriptedClient) -> None:
    with make_store(script) as store:
        gathering = GatheringStore(store)
        await gathering.execute(Nothing())
    assert (script.sent, gathering.operations) == ([], 1)


async def test_the_engine_answers_a_gathered_read_as_single_ones(store: Store, recording: RecordingClient) -> None:
    await store.execute(PutItem(item_of("apple")))
    reads = [GetItem(key_of(name), consistent=True) for name in ("apple", "none", "apple")]
    recording.sent.clear()
    gathered = await ask(GatheringStore(store), *reads)
    assert gathered == [await store.execute(read) for read in reads]
    assert recording.actions() == ["BatchGetItem"] + ["GetItem"] * 3


async def test_a_request_that_asks_for_one_thing_at_a_time_waits_for_no_other(script: ScriptedClient) -> None:
    with make_store(script, seconds=5) as store:
        gathering = GatheringStore(store)
        gathering.alone = True
        reads = [GetItem(key(1), remembered=True), GetItem(key(2)), GetItem(key(1), remembered=True)]
        assert [await gathering.execute(read) for read in reads] == [key(each).attributes() for each in (1, 2, 1)]
    assert actions(script) == ["GetItem"] * 2
    assert gathering.operations == 2
