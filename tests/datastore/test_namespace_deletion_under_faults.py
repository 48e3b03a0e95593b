"""The deletion of a namespace goes on after kills and faults, one worker at a time (T5, T6)."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from datastore.client import BotoClient
from datastore.errors import StoreFault, Unavailable
from datastore.namespace_deletion import LEASE_SECONDS, MEMBERS_PAGE, PAGE, NamespaceDeletion
from datastore.operations import Query
from datastore.store import Store
from tests.datastore.going_namespaces import (
    MARKED_AT,
    SETTLE,
    Clock,
    contents,
    found,
    is_gone,
    make_job,
    may_use,
    namespace_item,
    share,
    until,
)
from tests.datastore.stores import make_store
from tests.recording_client import RecordingClient, Sent


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def job(store: Store, clock: Clock) -> NamespaceDeletion:
    return make_job(store, clock)


async def test_one_of_two_workers_works_and_the_other_stands_by(
    store: Store, clock: Clock, client: BotoClient, table_names: Mapping[str, str]
) -> None:
    grant = await found(store, "fruit", keys=PAGE + 5)
    other = RecordingClient(client)
    with make_store(other, table_names) as second:
        rival = make_job(second, clock)
        seen = asyncio.Event()
        go_on = asyncio.Event()
        held = asyncio.create_task(_holding(store, clock, seen, go_on))
        await seen.wait()
        await rival.sweep()
        assert [action for action in other.actions() if action != "Query"] == ["UpdateItem"]
        assert len(await contents(store, grant)) > 1
        go_on.set()
        await held
    assert await contents(store, grant) == ["METADATA"]


async def _holding(store: Store, clock: Clock, seen: asyncio.Event, go_on: asyncio.Event) -> None:
    """Sweeps, and stops for a while between the lease and the first page's end."""
    await make_job(_Halting(store, seen, go_on), clock).sweep()


@dataclass
class _Halting:
    store: Store
    seen: asyncio.Event
    go_on: asyncio.Event

    async def execute(self, operation: Any) -> Any:
        answer = await self.store.execute(operation)
        if isinstance(operation, Query) and operation.range.index is None:
            self.seen.set()
            await self.go_on.wait()
        return answer


async def test_a_worker_that_stood_still_never_touches_a_namespace_made_anew(
    store: Store, clock: Clock, client: BotoClient, table_names: Mapping[str, str]
) -> None:
    """It has read what is to go; meanwhile another finishes, and the name and its keys are somebody's again."""
    grant = await found(store, "fruit", keys=3)
    seen, go_on = asyncio.Event(), asyncio.Event()
    held = asyncio.create_task(_holding(store, clock, seen, go_on))
    await seen.wait()
    clock.now += max(SETTLE, LEASE_SECONDS)
    await make_job(store, clock).sweep()
    assert await is_gone(store, grant)
    await found(store, "fruit", status="ACTIVE", keys=3)
    before = await contents(store, grant)
    go_on.set()
    await held
    assert await contents(store, grant) == before
    assert ((await namespace_item(store, grant)) or {})["status"] == "ACTIVE"


async def test_a_lease_that_is_over_may_be_taken_by_another(store: Store, clock: Clock) -> None:
    grant = await found(store, "fruit", keys=3)
    with pytest.raises(asyncio.CancelledError):
        await make_job(_Killed(store), clock).sweep()
    clock.now += LEASE_SECONDS - 1
    await make_job(store, clock).sweep()
    assert len(await contents(store, grant)) == 5
    clock.now += 1
    await make_job(store, clock).sweep()
    assert await contents(store, grant) == ["METADATA"]


@dataclass
class _Killed:
    store: Store

    async def execute(self, operation: Any) -> Any:
        if isinstance(operation, Query) and operation.range.index is None:
            raise asyncio.CancelledError
        return await self.store.execute(operation)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_it_goes_on_after_a_kill_at_any_call(
    store: Store, clock: Clock, recording: RecordingClient, when: str
) -> None:
    """The kill comes before each call, or after it and before its answer, for every call that there is."""
    calls = 0
    killed = True
    while killed:
        calls += 1
        grant = await found(store, f"ns-{when}-{calls}", keys=PAGE + 3)
        await share(store, grant, *MANY)
        clock.now = MARKED_AT + SETTLE
        _kill_at(recording, calls, when)
        killed = False
        try:
            await make_job(store, clock).sweep()
        except asyncio.CancelledError:
            killed = True
        recording.before, recording.after = lambda sent: None, lambda sent, answer: answer
        clock.now += SETTLE
        await make_job(store, clock).sweep()
        clock.now += SETTLE
        await make_job(store, clock).sweep()
        assert await is_gone(store, grant), calls
        assert await may_use(store, grant, *MANY) == [], calls
    assert calls > 10


MANY = [f"member{number:03}" for number in range(MEMBERS_PAGE + 5)]


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


async def test_it_runs_until_cancelled_and_outlives_the_faults_of_the_table(
    job: NamespaceDeletion, store: Store, clock: Clock, recording: RecordingClient
) -> None:
    grant = await found(store, "fruit", keys=3)
    clock.now += SETTLE
    faults: list[Exception] = [Unavailable("busy"), StoreFault("AccessDenied", "no"), Unavailable("busy")]

    def before(sent: Sent) -> None:
        if faults:
            raise faults.pop()

    recording.before = before
    running = asyncio.create_task(job.run())

    async def gone() -> bool:
        return not faults and await is_gone(store, grant)

    await until(gone)
    later = await found(store, "later", keys=1)
    await until(lambda: is_gone(store, later))
    assert not running.done()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert running.cancelled()


async def test_a_namespace_that_another_worker_frees_at_the_last_moment_is_no_fault(
    store: Store, clock: Clock, recording: RecordingClient
) -> None:
    grant = await found(store, "fruit")
    clock.now += SETTLE
    await make_job(store, clock).sweep()
    assert await is_gone(store, grant)
    again = await found(store, "fruit")
    recording.after = _stale_mark
    await make_job(store, clock).sweep()
    assert "METADATA" in await contents(store, again)


def _stale_mark(sent: Sent, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an index that lags behind says of a namespace that was deleted once before."""
    if sent.parameters.get("IndexName") != "OwnerStatusIndex":
        return answer
    items = [{**item, "deletingSince": {"N": str(MARKED_AT - 500)}} for item in answer["Items"]]
    return {**answer, "Items": items}
