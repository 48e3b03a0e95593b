"""Policies are read once for all who ask, are never older than was said, and show this process's own writes at once."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from datastore.attribute_values import tag_item
from datastore.entities.config import ConfigEntity
from datastore.entities.role import RoleEntity
from datastore.entities.user import Plan
from datastore.errors import Unavailable
from datastore.operations import PutItem
from datastore.policies import BUILT_IN
from datastore.policy_cache import PolicyCache
from datastore.store import Store
from tests.datastore.scripted_client import ScriptedClient
from tests.datastore.stores import MOMENT, item_of, make_store
from tests.recording_client import RecordingClient, Sent

ROUND = ["BatchGetItem", "Query"]
CLOSED = {**ConfigEntity.new(MOMENT).to_item(), "signUpOpen": False}


class Moment:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def nothing(sent: Sent, _: int) -> Mapping[str, Any]:
    return {"Responses": {}} if sent.action == "BatchGetItem" else {"Items": []}


@contextmanager
def cached(client: ScriptedClient, clock: Moment, seconds: float = 5) -> Iterator[PolicyCache]:
    with make_store(client) as store:
        yield PolicyCache(store, seconds=seconds, clock=clock)


def rounds(client: ScriptedClient) -> int:
    assert len(client.sent) % 2 == 0
    return len(client.sent) // 2


async def test_the_first_who_asks_reads_and_the_next_does_not() -> None:
    client = ScriptedClient(nothing)
    with cached(client, Moment()) as policies:
        first = await policies.current()
        assert await policies.current() is first
    assert sorted(sent.action for sent in client.sent) == ROUND
    assert first.config == BUILT_IN.config


async def test_a_hundred_who_ask_at_once_wait_for_one_reading() -> None:
    client = ScriptedClient(nothing)
    with cached(client, Moment()) as policies:
        found = await asyncio.gather(*(policies.current() for _ in range(100)))
    assert len(set(map(id, found))) == 1
    assert rounds(client) == 1


async def test_from_half_the_time_on_it_is_read_anew_and_nobody_waits() -> None:
    client, clock = ScriptedClient(nothing), Moment()
    with cached(client, clock) as policies:
        first = await policies.current()
        clock.now += 2.5
        assert await policies.current() is first
        await asyncio.gather(*policies._flights)
        clock.now += 4.9  # too old now, had it not been read meanwhile
        assert await policies.current() is not first
        assert rounds(client) == 2
        await policies.close()


async def test_what_is_too_old_is_not_given_to_anybody() -> None:
    client, clock = ScriptedClient(nothing), Moment()
    with cached(client, clock) as policies:
        first = await policies.current()
        clock.now += 5
        assert await policies.current() is not first


async def test_with_no_seconds_each_reads() -> None:
    client = ScriptedClient(nothing)
    with cached(client, Moment(), seconds=0) as policies:
        await policies.current()
        await policies.current()
    assert rounds(client) == 2


async def test_a_failed_reading_is_told_to_all_who_wait_and_tried_again_by_the_next() -> None:
    def answer(sent: Sent, number: int) -> Mapping[str, Any]:
        if number < 2:
            raise Unavailable("busy")
        return nothing(sent, number)

    with cached(ScriptedClient(answer), Moment()) as policies:
        answers = await asyncio.gather(*(policies.current() for _ in range(3)), return_exceptions=True)
        assert [type(answer) for answer in answers] == [Unavailable] * 3
        assert (await policies.current()).config == BUILT_IN.config


async def test_one_who_gives_up_costs_the_others_nothing() -> None:
    with cached(ScriptedClient(nothing), Moment()) as policies:
        tasks = [asyncio.create_task(policies.current()) for _ in range(2)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        gave_up, found = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(gave_up, asyncio.CancelledError)
    assert found.config == BUILT_IN.config  # type: ignore[union-attr]


async def test_a_reading_that_a_write_has_overtaken_is_not_remembered() -> None:
    """It may have seen what was there before."""
    clock, overtaken = Moment(), asyncio.Event()

    def answer(sent: Sent, number: int) -> Mapping[str, Any]:
        if sent.action == "PutItem":
            overtaken.set()
            return {}
        items = [tag_item(CLOSED)] if overtaken.is_set() and sent.action == "BatchGetItem" else []
        return {"Responses": {"kv-storage-data": items}} if sent.action == "BatchGetItem" else {"Items": []}

    with make_store(ScriptedClient(answer)) as store:
        policies = PolicyCache(store, seconds=5, clock=clock)
        before = asyncio.create_task(policies.current())
        await asyncio.sleep(0)  # it has departed
        await store.execute(PutItem(CLOSED))
        await before
        assert (await policies.current()).config.sign_up_open is False


async def test_a_write_of_anything_else_leaves_them_alone() -> None:
    client = ScriptedClient(lambda sent, number: {} if sent.action == "PutItem" else nothing(sent, number))
    with make_store(client) as store:
        policies = PolicyCache(store, seconds=5, clock=Moment())
        first = await policies.current()
        await store.execute(PutItem(item_of("apple")))
        assert await policies.current() is first


@pytest.mark.parametrize(
    "item",
    [CLOSED, RoleEntity.new("support", MOMENT, permissions=[]).to_item()],
    ids=lambda item: str(item["entityType"]),
)
async def test_the_engine_s_items_are_seen_as_soon_as_they_are_written_here(
    store: Store, recording: RecordingClient, item: dict[str, Any]
) -> None:
    policies = PolicyCache(store, seconds=5)
    before = await policies.current()
    await store.execute(PutItem(item))
    after = await policies.current()
    assert (after.config.sign_up_open, set(after.roles)) != (before.config.sign_up_open, set(before.roles))
    tier = BUILT_IN.tiers[Plan.FREE]
    await store.execute(PutItem({**tier.to_item(), "maxNamespaces": 1}, table=tier.table))
    assert (await policies.current()).tiers[tier.tier].max_namespaces == 1
    await policies.close()
