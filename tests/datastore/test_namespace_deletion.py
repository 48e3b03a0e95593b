"""A namespace marked DELETING is emptied page by page, and its name is freed when all has settled (T6)."""

from collections.abc import Mapping
from typing import Any

import pytest

from datastore.namespace_deletion import PAGE, NamespaceDeletion
from datastore.operations import PutItem
from datastore.store import Store
from tests.datastore.going_namespaces import (
    MARKED_AT,
    SETTLE,
    Clock,
    contents,
    found,
    is_gone,
    make_job,
    namespace_item,
)
from tests.datastore.stores import item_of
from tests.recording_client import RecordingClient, Sent


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def job(store: Store, clock: Clock) -> NamespaceDeletion:
    return make_job(store, clock)


async def test_all_pages_go_at_once_and_the_name_is_free_when_all_has_settled(
    job: NamespaceDeletion, store: Store, clock: Clock
) -> None:
    grant = await found(store, "fruit", keys=2 * PAGE + 10)
    await job.sweep()
    assert await contents(store, grant) == ["METADATA"]
    clock.now = MARKED_AT + SETTLE - 1
    await job.sweep()
    assert await contents(store, grant) == ["METADATA"]
    clock.now = MARKED_AT + SETTLE
    await job.sweep()
    assert await is_gone(store, grant)


async def test_a_namespace_that_is_not_to_go_is_left_alone(job: NamespaceDeletion, store: Store, clock: Clock) -> None:
    grant = await found(store, "fruit", status="ACTIVE", keys=2)
    going = await found(store, "nuts")
    clock.now += SETTLE
    await job.sweep()
    assert await is_gone(store, going)
    assert await contents(store, grant) == ["KEY#k0000", "KEY#k0001", "MEMBER#alice", "METADATA"]


async def test_a_write_that_comes_late_is_swept_by_the_last_pass(
    job: NamespaceDeletion, store: Store, clock: Clock
) -> None:
    grant = await found(store, "fruit", keys=3)
    await job.sweep()
    await store.execute(PutItem(item_of("late", grant)))
    clock.now += SETTLE
    await job.sweep()
    assert await is_gone(store, grant)


async def test_more_namespaces_than_a_page_go_in_one_turn(
    job: NamespaceDeletion, store: Store, clock: Clock, recording: RecordingClient
) -> None:
    grants = [await found(store, f"ns-{number:03}") for number in range(3)]
    clock.now += SETTLE
    recording.after = _one_at_a_time
    await job.sweep()
    assert all([await is_gone(store, grant) for grant in grants])


def _one_at_a_time(sent: Sent, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The list of what is to go, cut after its first item, as DynamoDB cuts a list of a megabyte."""
    if sent.parameters.get("IndexName") != "OwnerStatusIndex" or not answer["Items"]:
        return answer
    first = answer["Items"][0]
    return {"Items": [first], "LastEvaluatedKey": {name: first[name] for name in ("PK", "SK", "GSI4PK", "GSI4SK")}}


@pytest.mark.parametrize("wrong", [{"ownerId": 5}, {"entityType": "USER"}, {"createdAt": "yesterday"}], ids=str)
async def test_an_item_that_is_not_as_it_should_be_holds_up_no_other(
    job: NamespaceDeletion, store: Store, clock: Clock, wrong: dict[str, Any]
) -> None:
    damaged = await found(store, "aaa", keys=1)
    item = await namespace_item(store, damaged)
    await store.execute(PutItem({**(item or {}), **wrong}))
    sound = await found(store, "bbb", keys=1)
    clock.now += SETTLE
    await job.sweep()
    assert await is_gone(store, sound)
    assert "KEY#k0000" in await contents(store, damaged)
