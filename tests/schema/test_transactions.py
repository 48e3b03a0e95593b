"""transactKeys: all or nothing, with a reason for each write."""

import asyncio
from typing import Any

from tests.api import Answer, Api

CANCELLED = "DynamoDB:TransactionCanceledException"


def put(namespace: str, key: str, value: Any = 1, **more: Any) -> dict[str, Any]:
    return {"put": {"namespace": namespace, "key": key, "value": value, **more}}


def delete(namespace: str, key: str, **more: Any) -> dict[str, Any]:
    return {"delete": {"namespace": namespace, "key": key, **more}}


def check(namespace: str, key: str, version: int) -> dict[str, Any]:
    return {"check": {"namespace": namespace, "key": key, "ifVersion": version}}


def reasons(answer: Answer) -> list[str]:
    assert answer.error["errorType"] == CANCELLED
    return [reason["type"] for reason in answer.error["errorInfo"]["cancellationReasons"]]


async def test_the_results_come_in_the_order_of_the_writes(alice: Api) -> None:
    namespace = await alice.namespace()
    for key in ("gone", "kept", "changed"):
        await alice.put(namespace, key, key and 0)
    writes = [
        check(namespace, "kept", 1),
        put(namespace, "changed", 2),
        delete(namespace, "gone"),
        put(namespace, "new", 3),
        delete(namespace, "never"),
        check(namespace, "absent", 0),
    ]
    results = (await alice.transact(writes)).data["transactKeys"]
    assert [result and (result["key"], result["version"], result["value"]) for result in results] == [
        ("kept", 1, "0"),
        ("changed", 2, "2"),
        ("gone", 1, "0"),
        ("new", 1, "3"),
        None,
        None,
    ]
    assert await alice.names(namespace, consistent=True) == ["changed", "kept", "new"]


async def test_one_refused_write_stops_all_and_each_has_its_reason(alice: Api) -> None:
    namespace = await alice.namespace()
    current = (await alice.put(namespace, "a", 1)).data["putKey"]
    writes = [
        put(namespace, "x"),
        put(namespace, "a", 2, ifVersion=7),
        delete(namespace, "y"),
        check(namespace, "z", 3),
    ]
    answer = await alice.transact(writes)
    assert reasons(answer) == ["None", "ConditionalCheckFailed", "None", "ConditionalCheckFailed"]
    messages = [reason["message"] for reason in answer.error["errorInfo"]["cancellationReasons"]]
    assert "ifVersion is 7, but it is at version 1" in messages[1]
    assert "ifVersion is 3, but it is absent" in messages[3]
    assert answer.error["data"] == [None, current, None, None]
    assert answer.error["extensions"]["code"] == "TRANSACTION_CANCELLED"
    assert await alice.names(namespace, consistent=True) == ["a"]
    assert await alice.get(namespace, "a") == current


async def test_writes_go_to_several_namespaces_at_once(alice: Api) -> None:
    one, two = await alice.namespace(), await alice.namespace()
    assert (await alice.transact([put(one, "a"), put(two, "a", 2)])).data
    assert ((await alice.get(one, "a"))["value"], (await alice.get(two, "a"))["value"]) == ("1", "2")


async def test_a_namespace_that_is_not_the_callers_stops_all(alice: Api, bob: Api) -> None:
    mine, theirs = await alice.namespace(), await bob.namespace()
    answer = await alice.transact([put(mine, "a"), put(theirs, "a")])
    assert answer.error["errorType"] == "NotFound"
    assert await alice.get(mine, "a") is None


async def test_100_writes_go_through_and_101_are_refused(alice: Api) -> None:
    namespace = await alice.namespace()
    writes = [put(namespace, f"{n:03}", n) for n in range(101)]
    error = (await alice.transact(writes)).error
    assert error["errorType"] == "LimitExceeded"
    assert "100 writes" in error["message"]
    assert "has 101" in error["message"]
    assert await alice.names(namespace) == []
    assert len((await alice.transact(writes[:100])).data["transactKeys"]) == 100
    assert len(await alice.names(namespace, limit=100, consistent=True)) == 100


async def test_501_writes_are_refused_in_the_words_of_a_transaction(alice: Api) -> None:
    namespace = await alice.namespace()
    error = (await alice.transact([put(namespace, str(n)) for n in range(501)])).error
    assert "A transaction may have 100 writes; this one has 501" in error["message"]


async def test_an_idempotencykey_takes_one_of_the_100(alice: Api) -> None:
    namespace = await alice.namespace()
    writes = [put(namespace, str(n)) for n in range(100)]
    error = (await alice.transact(writes, "t")).error
    assert (error["errorType"], "this one has 101" in error["message"]) == ("LimitExceeded", True)
    assert len((await alice.transact(writes[1:], "t")).data["transactKeys"]) == 99


async def test_no_write_at_all_is_refused(alice: Api) -> None:
    error = (await alice.transact([])).error
    assert (error["errorType"], error["message"]) == ("BadRequest", "A transaction needs at least one write.")


async def test_a_key_that_is_named_twice_is_refused_but_not_in_two_namespaces(alice: Api) -> None:
    one, two = await alice.namespace(), await alice.namespace()
    error = (await alice.transact([put(one, "a"), check(one, "a", 0)])).error
    assert error["errorType"] == "BadRequest"
    assert "'a' is named twice" in error["message"]
    assert (await alice.transact([put(one, "a"), check(two, "a", 0)])).data


async def test_each_write_is_exactly_one_of_three(alice: Api) -> None:
    namespace = await alice.namespace()
    for write in ({}, put(namespace, "a") | delete(namespace, "a")):
        error = (await alice.transact([write])).error
        assert error["errorType"] == "BadRequest"
        assert f"this one has {len(write)}" in error["message"]


async def test_an_idempotencykey_on_one_put_is_refused(alice: Api) -> None:
    namespace = await alice.namespace()
    error = (await alice.transact([put(namespace, "a", idempotencyKey="t")])).error
    assert "give the idempotencyKey to transactKeys" in error["message"]


async def test_more_than_4_mb_are_refused_with_the_size(api_of_large_bodies: Api) -> None:
    alice = api_of_large_bodies
    namespace = await alice.namespace()
    value = '"' + "x" * 400_000 + '"'
    error = (await alice.transact([put(namespace, str(n), value) for n in range(11)])).error
    assert error["errorType"] == "LimitExceeded"
    assert "4194304 bytes (4 MB)" in error["message"]
    assert await alice.names(namespace) == []


async def test_transfers_at_once_neither_make_nor_lose_money(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.transact([put(namespace, "a", 50), put(namespace, "b", 0)])

    async def transfer() -> None:
        """Optimistic, as a client would: read, write on condition, and again if somebody came first."""
        while True:
            a, b = await alice.get(namespace, "a"), await alice.get(namespace, "b")
            writes = [
                put(namespace, "a", int(a["value"]) - 1, ifVersion=a["version"]),
                put(namespace, "b", int(b["value"]) + 1, ifVersion=b["version"]),
            ]
            if "errors" not in (await alice.transact(writes)).body:
                return

    async with asyncio.timeout(30):
        await asyncio.gather(*(transfer() for _ in range(6)))
    a, b = await alice.get(namespace, "a"), await alice.get(namespace, "b")
    assert (a["value"], b["value"], a["version"], b["version"]) == ("44", "6", 7, 7)
