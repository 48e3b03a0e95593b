"""The deletion of an account goes on after kills and faults, one worker at a time (T5, T6)."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.client import BaseClient

from datastore.account_deletion import LEASE_SECONDS
from datastore.client import BotoClient
from datastore.errors import StoreFault, Unavailable
from datastore.operations import GetItem, TransactWriteItems
from datastore.store import Store
from tests.datastore.going_accounts import account, everything, make_job, mark, own_namespace, shared_with
from tests.datastore.going_namespaces import MARKED_AT, SETTLE, Clock, until
from tests.datastore.going_namespaces import make_job as make_namespace_job
from tests.datastore.stores import make_store
from tests.recording_client import RecordingClient, Sent


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
async def test_it_goes_on_after_a_kill_at_any_call(
    store: Store,
    clock: Clock,
    recording: RecordingClient,
    dynamodb: BaseClient,
    table_names: Mapping[str, str],
    when: str,
) -> None:
    """The kill comes before each call, or after it and before its answer, for every call that there is."""
    calls, killed = 0, True
    bobs = None
    while killed:
        calls += 1
        clock.now = MARKED_AT
        user = await account(store)
        await own_namespace(store, f"ns-{when}-{calls}")
        await shared_with(store, "alice", "bobs")
        bobs = bobs or [key for key in everything(dynamodb, table_names) if key[1:] == ("NS#bobs", "METADATA")]
        await mark(store, user)
        _kill_at(recording, calls, when)
        killed = await _is_killed(store, clock)
        recording.before, recording.after = lambda sent: None, lambda sent, answer: answer
        await _finish(store, clock)
        assert everything(dynamodb, table_names) == bobs, calls
    assert calls > 25


async def _is_killed(store: Store, clock: Clock) -> bool:
    """Both jobs in turn, as a server runs them, until all has settled or the kill has come."""
    try:
        await _finish(store, clock)
    except asyncio.CancelledError:
        return True
    return False


async def _finish(store: Store, clock: Clock) -> None:
    for _ in range(3):
        clock.now += SETTLE + LEASE_SECONDS
        await make_job(store, clock).sweep()
        await make_namespace_job(store, clock).sweep()
    await make_job(store, clock).sweep()


def _kill_at(recording: RecordingClient, call: int, when: str) -> None:
    left = [call]

    def strike() -> None:
        left[0] -= 1
        if not left[0]:
            raise asyncio.CancelledError

    def before(sent: Sent) -> None:
        strike()

    def after(sent: Sent, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        strike()
        return answer

    if when == "before":
        recording.before = before
    else:
        recording.after = after


async def test_writes_whose_answers_are_lost_and_sent_again_do_no_harm(
    store: Store, clock: Clock, recording: RecordingClient, dynamodb: BaseClient, table_names: Mapping[str, str]
) -> None:
    user = await account(store)
    await own_namespace(store, "fruit")
    await mark(store, user)
    recording.repeats = lambda sent: sent.action == "TransactWriteItems"
    await _finish(store, clock)
    assert everything(dynamodb, table_names) == []


async def test_one_of_two_workers_works_and_the_other_stands_by(
    store: Store, clock: Clock, client: BotoClient, table_names: Mapping[str, str]
) -> None:
    user = await account(store)
    await mark(store, user)
    seen, go_on = asyncio.Event(), asyncio.Event()
    held = asyncio.create_task(make_job(_Halting(store, seen, go_on), clock).sweep())
    await seen.wait()
    other = RecordingClient(client)
    with make_store(other, table_names) as second:
        await make_job(second, clock).sweep()
    assert [action for action in other.actions() if action != "Query"] == ["UpdateItem"]
    go_on.set()
    await held


async def test_a_worker_that_stood_still_never_touches_an_account_that_was_let_in_again(
    store: Store, clock: Clock, dynamodb: BaseClient, table_names: Mapping[str, str]
) -> None:
    """It has read what is to go; meanwhile its lease is over, and another has finished; the address signs up anew."""
    user = await account(store)
    await mark(store, user)
    seen, go_on = asyncio.Event(), asyncio.Event()
    held = asyncio.create_task(make_job(_Halting(store, seen, go_on), clock).sweep())
    await seen.wait()
    clock.now += max(SETTLE, LEASE_SECONDS)
    await make_job(store, clock).sweep()
    assert everything(dynamodb, table_names) == []
    await account(store)
    before = everything(dynamodb, table_names)
    go_on.set()
    await held
    assert everything(dynamodb, table_names) == before


@dataclass
class _Halting:
    """Stops before the first thing is removed."""

    store: Store
    seen: asyncio.Event
    go_on: asyncio.Event

    async def execute(self, operation: Any) -> Any:
        if isinstance(operation, TransactWriteItems) and not self.seen.is_set():
            self.seen.set()
            await self.go_on.wait()
        return await self.store.execute(operation)


async def test_it_runs_until_cancelled_and_outlives_the_faults_of_the_table(
    store: Store, clock: Clock, recording: RecordingClient
) -> None:
    user = await account(store)
    await mark(store, user)
    clock.now += SETTLE
    faults: list[Exception] = [Unavailable("busy"), StoreFault("AccessDenied", "no"), Unavailable("busy")]

    def before(sent: Sent) -> None:
        if faults:
            raise faults.pop()

    recording.before = before
    running = asyncio.create_task(make_job(store, clock).run())

    async def gone() -> bool:
        return not faults and await store.execute(GetItem(user.key, consistent=True)) is None

    await until(gone)
    assert not running.done()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
