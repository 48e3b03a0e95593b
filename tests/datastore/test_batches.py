"""Batches are split at DynamoDB's limits, asked again for what was left, and name what could not be done (D10)."""

from collections.abc import Mapping
from typing import Any

import pytest

from datastore.access_patterns import PrimaryKey
from datastore.attribute_values import tag_item
from datastore.batches import ATTEMPTS, get_items, write_items
from datastore.errors import StoreFault, Unavailable
from datastore.operations import BatchGetItem, BatchWriteItem
from datastore.tables import KV_STORAGE_DATA, OIDC_STATE, Table
from tests.datastore.scripted_client import ScriptedClient, failing
from tests.datastore.virtual_time import run
from tests.recording_client import Sent

TABLE = "test"
DELETE = {"DeleteRequest": {"Key": {"PK": {"S": "NS#fruit"}, "SK": {"S": "KEY#0000"}}}}


def name_of(table: Table) -> str:
    return TABLE


def keys(count: int) -> tuple[PrimaryKey, ...]:
    return tuple(PrimaryKey("NS#fruit", f"KEY#{number:04}") for number in range(count))


def items(count: int) -> tuple[dict[str, Any], ...]:
    return tuple({**key.attributes(), "n": number} for number, key in enumerate(keys(count)))


def asked(sent: Sent) -> list[Any]:
    request = sent.parameters["RequestItems"][TABLE]
    found: list[Any] = request["Keys"] if sent.action == "BatchGetItem" else request
    return found


def serve(sent: Sent, *, taken: int | None = None) -> Mapping[str, Any]:
    """Reads or writes the first `taken` of what is asked, and leaves the rest."""
    done, left = asked(sent)[:taken], asked(sent)[len(asked(sent)[:taken]) :]
    if sent.action == "BatchGetItem":
        return {"Responses": {TABLE: done}, "UnprocessedKeys": {TABLE: {"Keys": left}} if left else {}}
    return {"UnprocessedItems": {TABLE: left} if left else {}}


def generous() -> ScriptedClient:
    return ScriptedClient(lambda sent, _: serve(sent))


def sizes(client: ScriptedClient) -> list[int]:
    return [len(asked(sent)) for sent in client.sent]


@pytest.mark.parametrize(("count", "calls"), [(0, []), (1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])])
async def test_reads_go_out_100_at_a_time(count: int, calls: list[int]) -> None:
    client = generous()
    found = await get_items(client, BatchGetItem(keys(count)), name_of)
    assert found == tuple(key.attributes() for key in keys(count))
    assert sizes(client) == calls


@pytest.mark.parametrize(("count", "calls"), [(0, []), (25, [25]), (26, [25, 1]), (60, [25, 25, 10])])
async def test_writes_go_out_25_at_a_time(count: int, calls: list[int]) -> None:
    client = generous()
    assert await write_items(client, BatchWriteItem(puts=items(count)), name_of) == ()
    assert sizes(client) == calls


async def test_puts_and_deletes_share_a_call() -> None:
    client = generous()
    await write_items(client, BatchWriteItem(puts=items(1), deletes=keys(3)[2:]), name_of)
    put, delete = items(1)[0], keys(3)[2]
    assert asked(client.sent[0]) == [
        {"PutRequest": {"Item": tag_item(put)}},
        {"DeleteRequest": {"Key": tag_item(delete.attributes())}},
    ]


async def test_a_key_named_twice_is_asked_for_once_and_answered_twice() -> None:
    client = generous()
    one, two = keys(2)
    found = await get_items(client, BatchGetItem((one, two, one)), name_of)
    assert found == (one.attributes(), two.attributes(), one.attributes())
    assert sizes(client) == [2]


async def test_keys_of_several_tables_share_a_call_and_are_told_apart() -> None:
    here = keys(2)
    there = tuple(key._replace(table=OIDC_STATE) for key in here)

    def answer(sent: Sent, number: int) -> Mapping[str, Any]:
        """At first the other table is left out altogether."""
        wanted = sent.parameters["RequestItems"]
        left = {OIDC_STATE.name: wanted[OIDC_STATE.name]} if number == 0 else {}
        done = {name: [{**key, "of": {"S": name}} for key in wanted[name]["Keys"]] for name in wanted.keys() - left}
        return {"Responses": done, "UnprocessedKeys": left}

    client = ScriptedClient(answer)
    operation = BatchGetItem((here[0], there[0], there[1], here[1]), consistent=True)
    found = await get_items(client, operation, lambda table: table.name)
    names = [KV_STORAGE_DATA.name, OIDC_STATE.name, OIDC_STATE.name, KV_STORAGE_DATA.name]
    assert [item and item["of"] for item in found] == names
    asked_for = [list(sent.parameters["RequestItems"]) for sent in client.sent]
    assert asked_for == [[KV_STORAGE_DATA.name, OIDC_STATE.name], [OIDC_STATE.name]]
    assert all(
        request["ConsistentRead"] for sent in client.sent for request in sent.parameters["RequestItems"].values()
    )


def test_deletes_from_several_tables_share_a_call_and_what_is_left_keeps_its_table() -> None:
    here, there = keys(1)[0], keys(1)[0]._replace(table=OIDC_STATE)
    client = ScriptedClient(lambda sent, _: {"UnprocessedItems": {OIDC_STATE.name: [DELETE]}})
    operation = BatchWriteItem(deletes=(here, there))
    left, _ = run(write_items(client, operation, lambda table: table.name))
    assert client.sent[0].parameters["RequestItems"] == {KV_STORAGE_DATA.name: [DELETE], OIDC_STATE.name: [DELETE]}
    assert left == (there,)


async def test_an_absent_item_is_none_at_its_place() -> None:
    client = ScriptedClient(lambda sent, _: {"Responses": {TABLE: asked(sent)[1:]}})
    found = await get_items(client, BatchGetItem(keys(3)), name_of)
    assert [item is None for item in found] == [True, False, False]


@pytest.mark.parametrize("consistent", [True, False])
async def test_a_consistent_read_says_so_in_each_call(consistent: bool) -> None:
    client = generous()
    await get_items(client, BatchGetItem(keys(101), consistent=consistent), name_of)
    said = [sent.parameters["RequestItems"][TABLE].get("ConsistentRead", False) for sent in client.sent]
    assert said == [consistent] * 2


def test_unread_keys_are_asked_for_again_after_waits_that_grow() -> None:
    client = ScriptedClient(lambda sent, number: serve(sent, taken=0 if number < 3 else 40))
    found, waited = run(get_items(client, BatchGetItem(keys(100), consistent=True), name_of))
    assert found == tuple(key.attributes() for key in keys(100))
    assert sizes(client) == [100, 100, 100, 100, 60, 20]
    assert all(sent.parameters["RequestItems"][TABLE]["ConsistentRead"] for sent in client.sent)
    assert 0 < waited < 0.02 + 0.04 + 0.08 + 0.16 + 0.32


def test_keys_that_are_never_read_make_it_unavailable_in_time() -> None:
    client = ScriptedClient(lambda sent, number: serve(sent, taken=0 if number else 70))

    async def read() -> None:
        with pytest.raises(Unavailable, match="left 30 of 100 items unread"):
            await get_items(client, BatchGetItem(keys(100)), name_of)

    _, waited = run(read())
    assert sizes(client) == [100] + [30] * (ATTEMPTS - 1)
    assert waited < 3


async def test_a_refused_read_is_the_caller_s_to_know() -> None:
    with pytest.raises(Unavailable, match="busy"):
        await get_items(failing(Unavailable("busy"), times=1), BatchGetItem(keys(2)), name_of)


def test_writes_left_over_are_sent_again_after_waits_that_grow() -> None:
    client = ScriptedClient(lambda sent, _: serve(sent, taken=10))
    left, waited = run(write_items(client, BatchWriteItem(puts=items(30)), name_of))
    assert left == ()
    assert sizes(client) == [25, 15, 5, 5]
    assert 0 < waited < 0.02 + 0.04


def test_writes_that_are_never_taken_are_named_and_the_others_done() -> None:
    stubborn = {keys(60)[7], keys(60)[59]}

    def answer(sent: Sent, _: int) -> Mapping[str, Any]:
        left = [action for action in asked(sent) if _key(action) in stubborn]
        return {"UnprocessedItems": {TABLE: left} if left else {}}

    client = ScriptedClient(answer)
    operation = BatchWriteItem(puts=items(30), deletes=keys(60)[30:])
    left, waited = run(write_items(client, operation, name_of))
    assert set(left) == stubborn
    assert sizes(client) == [25] + [1] * (ATTEMPTS - 1) + [25] + [10] + [1] * (ATTEMPTS - 1)
    assert waited < 6


def test_a_table_that_stops_answering_leaves_the_rest_named() -> None:
    """What was written before stays written: an error would hide it."""

    def answer(sent: Sent, number: int) -> Mapping[str, Any]:
        if number:
            raise Unavailable("busy")
        return {}

    left, _ = run(write_items(ScriptedClient(answer), BatchWriteItem(puts=items(60)), name_of))
    assert left == keys(60)[25:]


async def test_a_fault_of_the_store_is_not_taken_for_items_left_over() -> None:
    with pytest.raises(StoreFault):
        await write_items(failing(StoreFault("AccessDenied", ""), times=9), BatchWriteItem(puts=items(1)), name_of)


def _key(action: Mapping[str, Any]) -> PrimaryKey:
    (request,) = action.values()
    key = request.get("Item") or request["Key"]
    return PrimaryKey(key["PK"]["S"], key["SK"]["S"])
