"""A key is gone at the very second of its ttl, in every way of asking, whether or not the table still holds it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.api import Api
from tests.clock import Clock
from tests.foreign_items import foreign_key
from tests.schema.conftest import PutItem

TEN_YEARS = 10 * 366 * 24 * 3600
READS = """query ($ns: ID!) {
    key(namespace: $ns, key: "a") { key }
    keysByName(namespace: $ns, keys: ["a"]) { key }
    index: keys(namespace: $ns) { items { key } pageInfo { hasNextPage } nextToken }
    table: keys(namespace: $ns, consistent: true, reverse: true) { edges { node { key } } }
    namespace(id: $ns) { key(key: "a") { key } keys { items { key } } }
}"""
A = {"key": "a"}
THERE = {
    "key": A,
    "keysByName": [A],
    "index": {"items": [A], "pageInfo": {"hasNextPage": False}, "nextToken": None},
    "table": {"edges": [{"node": A}]},
    "namespace": {"key": A, "keys": {"items": [A]}},
}
GONE = {
    "key": None,
    "keysByName": [None],
    "index": {"items": [], "pageInfo": {"hasNextPage": False}, "nextToken": None},
    "table": {"edges": []},
    "namespace": {"key": None, "keys": {"items": []}},
}

AllItems = Callable[[], list[Mapping[str, Any]]]


@pytest.fixture
async def namespace(timed: Api) -> str:
    """It holds "a", which expires in ten seconds."""
    namespace = await timed.namespace()
    assert (await timed.put(namespace, "a", 1, expiresIn=10)).data
    return namespace


@pytest.fixture
def expired(namespace: str, clock: Clock) -> str:
    clock.advance(10)
    return namespace


async def test_a_key_is_there_until_its_second_and_then_nowhere(
    timed: Api, clock: Clock, namespace: str, all_items: AllItems
) -> None:
    assert (await timed.get(namespace, "a"))["ttl"] == clock.seconds + 10
    clock.advance(9.999)
    assert (await timed(READS, ns=namespace)).data == THERE
    clock.advance(0.001)
    assert (await timed(READS, ns=namespace)).data == GONE
    assert {"S": "KEY#a"} in [item["SK"] for item in all_items()]


async def test_an_absolute_ttl_is_the_same(timed: Api, clock: Clock) -> None:
    namespace = await timed.namespace()
    assert (await timed.put(namespace, "a", 1, ttl=clock.seconds + 5)).data["putKey"]["ttl"] == clock.seconds + 5
    clock.advance(4)
    assert await timed.get(namespace, "a")
    clock.advance(1)
    assert await timed.get(namespace, "a") is None


async def test_expiresin_never_ends_early_within_a_second(timed: Api, clock: Clock) -> None:
    namespace = await timed.namespace()
    clock.advance(0.9)
    await timed.put(namespace, "a", 1, expiresIn=1)
    clock.advance(0.99)
    assert await timed.get(namespace, "a")


async def test_the_time_to_live_that_another_program_has_set_counts_too(
    timed: Api, clock: Clock, put_raw: PutItem
) -> None:
    namespace = await timed.namespace()
    put_raw(foreign_key(namespace, "a", ttl={"N": str(clock.seconds)}))
    assert (await timed(READS, ns=namespace)).data == GONE


async def test_a_page_passes_over_expired_keys_and_is_full_all_the_same(timed: Api, clock: Clock) -> None:
    namespace = await timed.namespace()
    puts: list[dict[str, Any]] = [{"namespace": namespace, "key": f"{n:03}", "value": n} for n in range(120)]
    for put in puts[:90]:
        put["expiresIn"] = 5
    await timed.batch_put(puts)
    clock.advance(5)
    for consistent in (True, False):
        assert await timed.names(namespace, limit=10, consistent=consistent) == [f"{n:03}" for n in range(90, 100)]


class TestWrites:
    """An expired key counts as absent in every condition."""

    async def test_a_put_starts_again_at_version_1(self, timed: Api, clock: Clock, expired: str) -> None:
        put = (await timed.put(expired, "a", 2)).data["putKey"]
        assert (put["version"], put["ttl"], put["createdAt"]) == (1, None, put["updatedAt"])
        assert await timed.get(expired, "a") == put

    async def test_ifversion_0_succeeds(self, timed: Api, expired: str) -> None:
        assert (await timed.put(expired, "a", 2, ifVersion=0)).data["putKey"]["version"] == 1

    async def test_ifversion_1_is_refused_as_absent(self, timed: Api, expired: str) -> None:
        error = (await timed.put(expired, "a", 2, ifVersion=1)).error
        assert error["data"] is None
        assert "it is absent" in error["message"]

    async def test_a_delete_answers_null_at_whatever_version(self, timed: Api, expired: str) -> None:
        assert (await timed.delete(expired, "a", ifVersion=7)).data == {"deleteKey": None}

    async def test_a_delete_without_a_version_answers_null(self, timed: Api, expired: str) -> None:
        assert (await timed.delete(expired, "a")).data == {"deleteKey": None}

    async def test_an_increment_starts_again_from_0(self, timed: Api, expired: str) -> None:
        made = (await timed.increment(expired, "a", 5, idempotencyKey="t")).data["incrementKey"]
        assert (made["value"], made["version"]) == ("5", 1)

    async def test_a_touch_answers_null_and_does_not_revive(self, timed: Api, expired: str) -> None:
        assert (await timed.touch(expired, "a", 60)).data == {"touchKey": None}
        assert await timed.get(expired, "a") is None

    async def test_a_batch_starts_again_at_version_1(self, timed: Api, expired: str) -> None:
        done = (await timed.batch_put([{"namespace": expired, "key": "a", "value": 2}])).data["batchPutKeys"]
        assert (done["items"][0]["version"], done["items"][0]["ttl"]) == (1, None)

    async def test_a_transaction_takes_it_for_absent(self, timed: Api, expired: str) -> None:
        check = {"check": {"namespace": expired, "key": "a", "ifVersion": 0}}
        other = {"put": {"namespace": expired, "key": "b", "value": 1}}
        results = (await timed.transact([check, other])).data["transactKeys"]
        assert [result and result["key"] for result in results] == [None, "b"]
        put = {"put": {"namespace": expired, "key": "a", "value": 2, "ifVersion": 0}}
        assert (await timed.transact([put])).data["transactKeys"][0]["version"] == 1

    async def test_a_transaction_that_needs_version_1_is_refused(self, timed: Api, expired: str) -> None:
        check = {"check": {"namespace": expired, "key": "a", "ifVersion": 1}}
        (reason,) = (await timed.transact([check])).error["errorInfo"]["cancellationReasons"]
        assert "it is absent" in reason["message"]


class TestTouching:
    async def test_sets_the_expiry_and_leaves_the_value(self, timed: Api, clock: Clock) -> None:
        namespace = await timed.namespace()
        put = (await timed.put(namespace, "a", {"v": 1})).data["putKey"]
        touched = (await timed.touch(namespace, "a", 30)).data["touchKey"]
        assert (touched["ttl"], touched["version"], touched["value"]) == (clock.seconds + 30, 2, put["value"])
        clock.advance(30)
        assert await timed.get(namespace, "a") is None

    async def test_clears_the_expiry(self, timed: Api, clock: Clock, namespace: str) -> None:
        assert (await timed.touch(namespace, "a")).data["touchKey"]["ttl"] is None
        clock.advance(TEN_YEARS)
        assert await timed.get(namespace, "a")

    async def test_answers_null_for_what_is_absent_and_makes_nothing(self, timed: Api, namespace: str) -> None:
        assert (await timed.touch(namespace, "nothing", 30)).data == {"touchKey": None}
        assert await timed.get(namespace, "nothing") is None


async def test_a_put_without_an_expiry_clears_the_one_there_was(timed: Api, namespace: str) -> None:
    assert (await timed.put(namespace, "a", 2)).data["putKey"]["ttl"] is None


@pytest.mark.parametrize("seconds", [0, -1, TEN_YEARS + 1])
async def test_an_expiry_outside_its_bounds_is_refused_with_what_was_found(
    timed: Api, clock: Clock, seconds: int
) -> None:
    namespace = await timed.namespace()
    await timed.put(namespace, "b", 1)
    for answer in (
        await timed.put(namespace, "a", 1, expiresIn=seconds),
        await timed.put(namespace, "a", 1, ttl=clock.seconds + seconds),
        await timed.touch(namespace, "b", seconds),
    ):
        assert answer.error["errorType"] == "LimitExceeded"
        assert "1 second to ten years" in answer.error["message"]
        assert f"lies {seconds} s from now" in answer.error["message"]


async def test_an_expiry_at_its_bounds_is_accepted(timed: Api, clock: Clock) -> None:
    namespace = await timed.namespace()
    for seconds in (1, TEN_YEARS):
        for more in ({"expiresIn": seconds}, {"ttl": clock.seconds + seconds}):
            assert (await timed.put(namespace, "a", 1, **more)).data["putKey"]["ttl"] == clock.seconds + seconds


async def test_a_ttl_in_milliseconds_is_refused_with_a_hint(timed: Api, clock: Clock) -> None:
    namespace = await timed.namespace()
    error = (await timed.put(namespace, "a", 1, ttl=clock.seconds * 1000)).error
    assert "ttl is in seconds" in error["message"]


async def test_ttl_and_expiresin_together_are_refused(timed: Api, clock: Clock) -> None:
    namespace = await timed.namespace()
    error = (await timed.put(namespace, "a", json.dumps(1), ttl=clock.seconds + 5, expiresIn=5)).error
    assert (error["errorType"], "not both" in error["message"]) == ("BadRequest", True)
