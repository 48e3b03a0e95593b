"""The flush on the real engine: every count arrives once, whatever becomes of the answers."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import Plan, UserEntity
from datastore.errors import StoreFault, Unavailable
from datastore.metering.account import Change, Stored
from datastore.metering.flush import KEPT_SECONDS, TELL_SECONDS, Flush
from datastore.metering.meter import Meter
from datastore.metering.months import month_of
from datastore.metering.thresholds import MESSAGE_KIND
from datastore.metering.totals import Totals, list_totals
from datastore.operations import GetItem, Item, PutItem, Query
from datastore.policies import BUILT_IN
from datastore.policy_cache import PolicyCache
from datastore.store import Store
from resolvers.messages import MessageKind
from tests.clock import Clock
from tests.recording_client import RecordingClient, Sent

MOMENT = "2026-01-01T00:00:00.000Z"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meter() -> Meter:
    return Meter()


@pytest.fixture
def flush(store: Store, meter: Meter, clock: Clock) -> Flush:
    return make_flush(store, meter, clock, "aa")


def make_flush(store: Store, meter: Meter, clock: Clock, shard: str) -> Flush:
    store.meter = meter
    return Flush(store, PolicyCache(store, seconds=60), clock=clock, shard=shard)


async def totals(store: Store, clock: Clock, user_id: str = "alice") -> Totals:
    month = month_of(clock())
    return Totals.of((await store.execute(list_totals(user_id, month))).items, month)


async def add_user(store: Store, plan: Plan = Plan.FREE) -> None:
    user = UserEntity.new("alice", MOMENT, plan=plan)
    await store.execute(PutItem(user.to_item()))
    tier = AssignmentEntity.of(user)
    await store.execute(PutItem(tier.to_item(), table=tier.table))


async def user_item(store: Store) -> Item:
    return await store.execute(GetItem(AccessPattern.GET_USER.key(user_id="alice"), consistent=True)) or {}


async def test_what_is_counted_arrives_in_the_month_and_in_the_namespace(
    flush: Flush, meter: Meter, store: Store, clock: Clock
) -> None:
    await add_user(store, Plan.PRO)
    for _ in range(3):
        meter.count_request("alice")
    meter.count_change("alice", "fruit", Change(2, 90, expiring=True))
    await flush.flush()
    meter.count_change("alice", "fruit", Change(-1, -40))
    await flush.flush()
    found = await totals(store, clock)
    assert (found.plan, found.requests, found.storage_bytes) == (Plan.PRO, 3, 50)
    assert (found.storage["fruit"].keys, found.storage["fruit"].expiring) == (1, True)
    assert meter.requests("alice", found.month) == 3
    assert meter.stored("alice", "fruit") == Stored(1, 50)


async def test_processes_learn_of_each_other_s_counts(flush: Flush, meter: Meter, store: Store, clock: Clock) -> None:
    other = Meter()
    other.count_request("alice")
    other.count_change("alice", "fruit", Change(1, 10))
    await make_flush(store, other, clock, "bb").flush()
    meter.count_request("alice")
    await flush.flush()
    assert meter.requests("alice", month_of(clock())) == 2
    assert meter.stored("alice", "fruit") == Stored(1, 10)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_call_that_fails_at_any_place_is_made_up_for_and_counts_once(
    recording: RecordingClient, store: Store, clock: Clock, when: str
) -> None:
    """Each call of a flush in turn does not go out, or loses its answer; the next flushes set it right."""
    for call in range(1, 8):
        meter = Meter()
        flush = make_flush(store, meter, clock, f"{call:02x}")
        user_id = f"alice-{when}-{call}"
        lose(recording, call, when)
        for _ in range(2):
            meter.count_request(user_id)
        meter.count_change(user_id, "fruit", Change(1, 10))
        await flush.flush()
        meter.count_request(user_id)
        meter.count_change(user_id, "fruit", Change(1, 7))
        clock.advance(1)
        await flush.flush()
        await flush.flush()
        lose(recording, 0, when)
        found = await totals(store, clock, user_id)
        assert (found.requests, found.storage["fruit"].keys, found.storage_bytes) == (3, 2, 17), call
        assert meter.stored(user_id, "fruit") == Stored(2, 17)


def lose(recording: RecordingClient, call: int, when: str) -> None:
    left = [call]

    def strike() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Unavailable("lost")

    def after(sent: Sent, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        strike()
        return answer

    recording.before = (lambda sent: strike()) if when == "before" else (lambda sent: None)
    recording.after = after if when == "after" else (lambda sent, answer: answer)


async def test_a_parcel_sent_again_after_the_month_s_end_still_counts_towards_its_month(
    flush: Flush, meter: Meter, store: Store, clock: Clock, recording: RecordingClient
) -> None:
    clock.now = clock.now.replace(month=1, day=31, hour=23, minute=59, second=59)
    meter.count_request("alice")
    lose(recording, 1, "after")
    await flush.flush()
    clock.advance(5)
    meter.count_request("alice")
    await flush.flush()
    await flush.flush()
    assert (await totals(store, clock)).requests == 1
    january = clock.now.replace(month=1)
    both = Totals.of((await store.execute(list_totals("alice", month_of(january)))).items, "")
    assert both.requests == 2


async def test_a_cancelled_flush_is_taken_up_by_the_last_one(
    flush: Flush, meter: Meter, store: Store, clock: Clock, recording: RecordingClient
) -> None:
    meter.count_request("alice")
    queries: list[Sent] = []

    def before(sent: Sent) -> None:
        if sent.action == "Query":
            queries.append(sent)
            if len(queries) == 1:
                raise asyncio.CancelledError

    recording.before = before
    await asyncio.wait([asyncio.create_task(flush.run())])
    assert len(queries) > 1
    assert (await totals(store, clock)).requests == 1


async def test_the_table_s_faults_end_no_flush(
    flush: Flush, meter: Meter, store: Store, clock: Clock, recording: RecordingClient
) -> None:
    def before(sent: Sent) -> None:
        raise StoreFault("AccessDenied", "no")

    recording.before = before
    meter.count_request("alice")
    await flush.flush()
    recording.before = lambda sent: None
    await flush.flush()
    assert (await totals(store, clock)).requests == 1


async def test_the_user_s_item_has_a_snapshot_that_is_not_written_more_often_than_need_be(
    flush: Flush, meter: Meter, store: Store, clock: Clock
) -> None:
    await add_user(store)
    meter.count_request("alice")
    meter.count_change("alice", "fruit", Change(1, 10))
    await flush.flush()
    assert (await user_item(store))["requestCount"] == 1
    assert (await user_item(store))["storageBytes"] == 10
    meter.count_request("alice")
    await flush.flush()
    assert (await user_item(store))["requestCount"] == 1
    clock.advance(TELL_SECONDS)
    await flush.flush()
    assert (await user_item(store))["requestCount"] == 2
    assert (await user_item(store))["requestMonth"] == month_of(clock())
    assert UserEntity.from_item(await user_item(store)).updated_at == MOMENT


async def test_nobody_s_usage_makes_no_user(flush: Flush, meter: Meter, store: Store) -> None:
    meter.count_request("alice")
    await flush.flush()
    assert await user_item(store) == {}


async def test_the_last_flush_tells_at_once(flush: Flush, meter: Meter, store: Store) -> None:
    await add_user(store)
    for _ in range(2):
        meter.count_request("alice")
        await flush.flush(last=True)
    assert (await user_item(store))["requestCount"] == 2


async def test_who_has_been_idle_is_forgotten(flush: Flush, meter: Meter, store: Store, clock: Clock) -> None:
    await add_user(store)
    meter.count_request("alice")
    await flush.flush()
    clock.advance(KEPT_SECONDS + 1)
    await flush.flush()
    assert meter.accounts() == ()


async def events(store: Store, recording: RecordingClient) -> tuple[list[Item], list[Item]]:
    """The quota events and the messages that were written, as asked for."""
    puts = [
        action["Put"]["Item"]
        for sent in recording.sent
        if sent.action == "TransactWriteItems"
        for action in sent.parameters["TransactItems"]
        if "Put" in action
    ]
    kinds = [[item for item in puts if item["entityType"]["S"] == kind] for kind in ("QUOTA_EVENT", "MESSAGE")]
    return kinds[0], kinds[1]


async def test_80_and_100_percent_are_told_once_each_a_month_whoever_finds_out(
    flush: Flush, meter: Meter, store: Store, clock: Clock, recording: RecordingClient
) -> None:
    await add_user(store)
    allowed = BUILT_IN.tiers[Plan.FREE].max_storage_bytes
    meter.count_change("alice", "fruit", Change(1, -(-allowed * 8 // 10) - 1))
    await flush.flush()
    messages = AccessPattern.LIST_MESSAGES.range(user_id="alice")
    assert (await store.execute(Query(messages, 10))).items == ()
    meter.count_change("alice", "fruit", Change(1, 1))
    await flush.flush()
    meter.count_request("alice")
    await flush.flush()
    told = (await store.execute(Query(messages, 10))).items
    assert [(item["kind"], item["subject"]) for item in told] == [(MESSAGE_KIND, "You have used 80 % of your storage")]
    other = Meter()
    other.count_change("alice", "fruit", Change(1, allowed))
    await make_flush(store, other, clock, "bb").flush()
    assert len((await store.execute(Query(messages, 10))).items) == 2
    found, _ = await events(store, recording)
    assert {event["percent"]["N"] for event in found} == {"80", "100"}
    assert all(event["ttl"]["N"] for event in found)
    clock.advance(32 * 24 * 3600)
    meter.count_request("alice")
    await flush.flush()
    assert len((await store.execute(Query(messages, 10))).items) == 4


def test_the_message_is_of_the_kind_that_programs_know() -> None:
    assert MESSAGE_KIND == MessageKind.QUOTA_REACHED
