"""The recount on the real engine: it finds what is there, goes on where it was stopped, and reports what was wrong."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.key import KeyEntity
from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import UserEntity
from datastore.errors import OutcomeUnknown
from datastore.expressions import Update
from datastore.metering.account import Change
from datastore.metering.corrections import Corrections
from datastore.metering.flush import Flush
from datastore.metering.recount import Found, Recount
from datastore.metering.storage_count import Drift, StorageCount
from datastore.metering.totals import Totals, list_totals
from datastore.operations import PutItem, UpdateItem
from datastore.policy_cache import PolicyCache
from datastore.store import Store
from tests.clock import Clock
from tests.datastore.stores import GRANT, MOMENT, item_of
from tests.recording_client import RecordingClient, Sent


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def _no_time(seconds: float) -> None:
    await asyncio.sleep(0)


def counter(store: Store, clock: Clock) -> StorageCount:
    return StorageCount(store, clock, settle_seconds=1, sleep=_no_time)


def recount(store: Store, clock: Clock, place: Path) -> Recount:
    return Recount(store, counter(store, clock), clock, place)


async def everything(job: Recount) -> list[Found]:
    return [found async for found in job.run()]


async def user(store: Store, user_id: str, namespace: str | None = None) -> None:
    entity = UserEntity.new(user_id, "2026-01-01T00:00:00.000Z")
    await store.execute(PutItem(entity.to_item()))
    tier = AssignmentEntity.of(entity)
    await store.execute(PutItem(tier.to_item(), table=tier.table))
    if namespace:
        stamps = {"createdAt": MOMENT, "updatedAt": MOMENT}
        grant = AccessPattern.GET_GRANT.key(user_id=user_id, namespace=namespace).attributes()
        item = {"entityType": "NAMESPACE", "namespace": namespace, "userId": user_id, "status": "ACTIVE"}
        await store.execute(PutItem(grant | item | stamps | {"role": "OWNER"}))


async def add_keys(store: Store, clock: Clock) -> int:
    """Two keys that count and one that has expired; the bytes of the two."""
    items = [item_of("a", value="x"), item_of("b", value="y", ttl=clock.seconds + 60)]
    for item in [*items, item_of("c", value="z", ttl=clock.seconds)]:
        await store.execute(PutItem(item))
    return sum(KeyEntity.from_item(item).size for item in items)


async def totals(store: Store, user_id: str = "alice") -> Totals:
    return Totals.of((await store.execute(list_totals(user_id, "2026-01"))).items, "2026-01")


async def test_what_has_not_expired_is_counted_and_the_difference_told(store: Store, clock: Clock) -> None:
    size = await add_keys(store, clock)
    assert await counter(store, clock).correct(GRANT) == Drift("fruit", 2, size, exact=True)
    found = (await totals(store)).storage["fruit"]
    assert (found.keys, found.storage_bytes, found.expiring) == (2, size, True)
    again = await counter(store, clock).correct(GRANT)
    assert not again
    assert again.exact


async def test_a_namespace_that_never_rests_is_counted_as_well_as_can_be(
    store: Store, clock: Clock, recording: RecordingClient
) -> None:
    size = await add_keys(store, clock)
    busy = AccessPattern.ADD_STORAGE.key(user_id="alice", namespace="fruit")
    values = iter(range(100))

    async def write(seconds: float) -> None:
        common = {"entityType": "STORAGE", "userId": "alice", "namespace": "fruit", "createdAt": MOMENT}
        amounts = {"updatedAt": MOMENT, "keys": 2 + next(values) % 2, "storageBytes": size}
        await store.execute(UpdateItem(busy, Update(common | amounts)))

    drift = await StorageCount(store, clock, settle_seconds=1, sleep=write).correct(GRANT)
    assert not drift.exact
    assert abs((await totals(store)).storage["fruit"].keys - 2) <= 1


async def test_all_users_are_counted_and_what_was_wrong_is_told_once(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    await user(store, "alice", "fruit")
    await user(store, "bob")
    size = await add_keys(store, clock)
    found = await everything(recount(store, clock, tmp_path / "recount"))
    assert [each for each in found if each] == [Found("alice", 1, [Drift("fruit", 2, size, exact=True)])]
    assert (await totals(store)).namespaces == 1
    assert not any(await everything(recount(store, clock, tmp_path / "recount")))
    assert not (tmp_path / "recount").exists()


async def test_usage_of_a_namespace_that_is_not_there_goes(store: Store, clock: Clock, tmp_path: Path) -> None:
    await user(store, "alice")
    gone = AccessPattern.ADD_STORAGE.key(user_id="alice", namespace="gone")
    common = {"entityType": "STORAGE", "userId": "alice", "namespace": "gone", "createdAt": MOMENT}
    await store.execute(UpdateItem(gone, Update(common | {"updatedAt": MOMENT, "keys": 1, "storageBytes": 9})))
    await everything(recount(store, clock, tmp_path / "recount"))
    assert (await totals(store)).storage == {}


async def test_it_goes_on_where_it_was_stopped(store: Store, clock: Clock, tmp_path: Path) -> None:
    for name in ("a1", "b2", "c3"):
        await user(store, name)
    first: list[str] = []
    async for found in recount(store, clock, tmp_path / "recount").run():
        first.append(found.user_id)
        if len(first) == 2:
            break
    rest = [found.user_id for found in await everything(recount(store, clock, tmp_path / "recount"))]
    assert sorted({*first, *rest}) == ["a1", "b2", "c3"]
    assert rest[-1] == "c3"
    assert "a1" not in rest


async def test_a_write_whose_end_is_unknown_makes_the_namespace_counted_again(
    store: Store, clock: Clock, recording: RecordingClient
) -> None:
    namespace = AccessPattern.GET_NAMESPACE.key(GRANT).attributes()
    item = {"entityType": "NAMESPACE", "namespace": "fruit", "ownerId": "alice", "status": "ACTIVE"}
    await store.execute(PutItem(namespace | item | {"createdAt": MOMENT, "updatedAt": MOMENT}))

    def lose(sent: Sent, answer: Any) -> Any:
        raise OutcomeUnknown("lost")

    recording.after = lose
    with pytest.raises(OutcomeUnknown):
        await store.execute(PutItem(item_of("a", value="x")))
    recording.after = lambda sent, answer: answer
    assert store.meter.in_doubt == {"NS#fruit"}
    job = Corrections(store, clock, settle_seconds=0)
    await job.sweep()
    assert store.meter.in_doubt == set()
    assert (await totals(store)).storage["fruit"].keys == 1


async def test_keys_that_expire_are_counted_again_after_a_day(store: Store, clock: Clock) -> None:
    store.meter.count_change("alice", "fruit", Change(1, 10, expiring=True))
    await Flush(store, PolicyCache(store, seconds=60), clock=clock, shard="aa").flush()
    job = Corrections(store, clock, settle_seconds=0)
    assert job._overdue() == set()
    clock.advance(24 * 3600 + 1)
    assert job._overdue() == {"NS#fruit"}
