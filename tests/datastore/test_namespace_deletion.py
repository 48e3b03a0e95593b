"""A namespace marked DELETING is emptied page by page, and its name is freed when all has settled (T6)."""

from collections.abc import Mapping
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.grants import Grant
from datastore.namespace_deletion import MEMBERS_PAGE, PAGE, NamespaceDeletion
from datastore.operations import DeleteItem, PutItem
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


MANY = [f"member{number:03}" for number in range(2 * MEMBERS_PAGE + 5)]


async def test_every_members_grant_goes_before_the_first_key_does(
    job: NamespaceDeletion, store: Store, clock: Clock, recording: RecordingClient
) -> None:
    grant, kept = await found(store, "fruit", keys=3), await found(store, "nuts", status="ACTIVE")
    await share(store, grant, *MANY)
    await share(store, kept, *MANY[:2])
    writes: list[str] = []
    recording.before = lambda sent: writes.append(str(sent.parameters)) if sent.action == "TransactWriteItems" else None
    await job.sweep()
    assert [("MEMBER#" in each, "KEY#" in each) for each in writes] == [*[(True, False)] * 3, (False, True)]
    assert await may_use(store, grant, "alice", *MANY) == ["alice"]
    assert await may_use(store, kept, *MANY) == MANY[:2]
    assert await contents(store, grant) == ["METADATA"]


async def test_the_name_is_free_when_what_members_have_still_written_has_settled(
    job: NamespaceDeletion, store: Store, clock: Clock
) -> None:
    """No process has worked on it for a while: a member's grant ends only now, and may be remembered."""
    grant = await found(store, "fruit", keys=3)
    await share(store, grant, "bob")
    clock.now = MARKED_AT + 100
    await job.sweep()
    await store.execute(PutItem(item_of("late", grant)))
    clock.now += SETTLE - 1
    await job.sweep()
    assert await contents(store, grant) == ["METADATA"]
    clock.now += 1
    await job.sweep()
    assert await is_gone(store, grant)


async def test_a_namespace_whose_owner_has_no_grant_any_more_goes_too(
    job: NamespaceDeletion, store: Store, clock: Clock
) -> None:
    grant = await found(store, "fruit", keys=1)
    await store.execute(DeleteItem(AccessPattern.GET_GRANT.key(user_id="alice", namespace="fruit")))
    clock.now += SETTLE
    await job.sweep()
    assert await is_gone(store, grant)


async def test_a_member_that_can_be_nobody_is_removed_like_any_other(
    job: NamespaceDeletion, store: Store, clock: Clock
) -> None:
    grant = await found(store, "fruit")
    await store.execute(PutItem({"PK": grant_pk(grant), "SK": "MEMBER#a#b"}))
    await job.sweep()
    assert await contents(store, grant) == ["METADATA"]


def grant_pk(grant: Grant) -> str:
    return AccessPattern.GET_NAMESPACE.key(grant).pk


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
