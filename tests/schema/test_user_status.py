"""setUserStatus: cuts a user off at once and lets him in again; what nobody may do with it."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.client import BotoClient
from datastore.entities.role import RoleEntity
from datastore.expressions import Update
from datastore.operations import PutItem, UpdateItem
from tests.api import Answer, Api, eventually, running_api
from tests.schema.failing_calls import fail_from

AllItems = Callable[[], list[Mapping[str, Any]]]

SET = """mutation ($id: ID!, $status: UserStatus!) {
    setUserStatus(userId: $id, status: $status) { userId status updatedAt } }"""
ME = "{ me { userId status } }"
ANOTHER_KEY = 'mutation { createApiKey(input: { name: "another", scopes: ["read"] }) { secret } }'


async def set_status(api: Api, user: Api | str, status: str) -> Answer:
    return await api(SET, id=user if isinstance(user, str) else user.user_id, status=status)


async def mark(user: Api, **attributes: Any) -> None:
    """Changes the user's item past our own mutations."""
    await user.store.execute(UpdateItem(AccessPattern.GET_USER.key(user_id=user.user_id or ""), Update(attributes)))


async def support(user: Api) -> Api:
    """The user, with a role that may change users and nothing else."""
    role = RoleEntity.new("support", "2026-01-01T00:00:00.000Z", permissions=["users:read", "users:write"])
    await user.store.execute(PutItem(role.to_item()))
    await mark(user, role="support")
    return user


def of_kind(items: list[Mapping[str, Any]], kind: str, user: Api) -> list[Mapping[str, Any]]:
    mine = f"USER#{user.user_id}"
    return [item for item in items if item["entityType"]["S"] == kind and item["PK"]["S"] == mine]


async def test_a_stranger_is_refused(api: Api, alice: Api) -> None:
    assert (await set_status(api.as_caller(None), alice, "SUSPENDED")).status == 401
    assert (await alice(ME)).data


async def test_whoever_is_no_administrator_is_refused_for_another_as_for_nobody(alice: Api, bob: Api) -> None:
    answers = [await set_status(bob, user, "SUSPENDED") for user in (alice, "nobody")]
    assert answers[0].error == answers[1].error
    assert answers[0].error["errorType"] == "Unauthorized"
    assert (await alice(ME)).data


async def test_a_suspended_user_is_cut_off_at_once_with_every_key(api: Api, alice: Api) -> None:
    other = alice.as_caller((await alice(ANOTHER_KEY)).data["createApiKey"]["secret"])
    for caller in (alice, other):
        assert (await caller("{ me { userId } }")).data
    assert (await set_status(api, alice, "SUSPENDED")).data["setUserStatus"]["status"] == "SUSPENDED"
    for caller in (alice, other):
        answer = await caller(ME)
        assert (answer.status, "suspended" in answer.error["message"]) == (401, True)
    found = (await api("{ users(status: SUSPENDED) { items { userId status } } }")).data["users"]["items"]
    assert found == [{"userId": alice.user_id, "status": "SUSPENDED"}]


async def test_his_sessions_are_cut_off_as_well_and_he_signs_in_to_no_other(api: Api) -> None:
    await api.sign_up("ada@example.com")
    session = await api.login("ada@example.com")
    assert (await session(ME)).data
    await set_status(api, session, "SUSPENDED")
    assert (await session(ME)).status == 401
    refused = await api.as_caller(None).try_login("ada@example.com")
    assert (refused.error["errorType"], "suspended" in refused.error["message"]) == ("UnauthorizedException", True)
    await set_status(api, session, "ACTIVE")
    assert (await session(ME)).data["me"]["userId"] == session.user_id


async def test_a_user_who_is_let_in_again_is_as_he_was(api: Api, alice: Api, all_items: AllItems) -> None:
    (before,) = of_kind(all_items(), "USER", alice)
    await set_status(api, alice, "SUSPENDED")
    assert (await set_status(api, alice, "ACTIVE")).data["setUserStatus"]["status"] == "ACTIVE"
    assert (await alice(ME)).data["me"]["status"] == "ACTIVE"
    assert (await api("{ users(status: SUSPENDED) { items { userId } } }")).data["users"]["items"] == []
    (after,) = of_kind(all_items(), "USER", alice)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed <= {"status", "updatedAt", "writeId"}


async def test_each_change_is_audited_and_told_to_the_user_once(api: Api, alice: Api, all_items: AllItems) -> None:
    for status in ("SUSPENDED", "SUSPENDED", "ACTIVE", "ACTIVE"):
        assert (await set_status(api, alice, status)).data["setUserStatus"]["status"] == status
    events = [item for item in of_kind(all_items(), "AUDIT", alice) if item["action"]["S"] == "status.changed"]
    assert [event["detail"]["M"]["to"]["S"] for event in events] == ["SUSPENDED", "ACTIVE"]
    assert {event["actorId"]["S"] for event in events} == {"admin"}
    messages = of_kind(all_items(), "MESSAGE", alice)
    assert [message["subject"]["S"] for message in messages] == [
        "Your account is suspended",
        "Your account may be used again",
    ]


async def test_a_change_whose_answer_was_lost_is_made_once(api: Api, alice: Api, all_items: AllItems) -> None:
    api.client.repeats = lambda sent: sent.action == "TransactWriteItems"
    assert (await set_status(api, alice, "SUSPENDED")).data
    assert len(of_kind(all_items(), "MESSAGE", alice)) == 1


@pytest.mark.parametrize("lost", [False, True])
async def test_whatever_call_fails_the_status_its_index_its_event_and_its_message_go_together(
    api: Api, alice: Api, all_items: AllItems, lost: bool
) -> None:
    """T5: the table is out of reach from each call on, which happens unseen if its answer is what is `lost`."""
    done, number = False, 0
    while not done:
        number += 1
        fail_from(api, number, lost=lost)
        done = "errors" not in (await set_status(api, alice, "SUSPENDED")).body
        fail_from(api, 1000, lost=lost)
        assert_whole(all_items(), alice)
    assert number > 1
    assert of_kind(all_items(), "USER", alice)[0]["status"]["S"] == "SUSPENDED"
    assert len(of_kind(all_items(), "MESSAGE", alice)) == 1


def assert_whole(items: list[Mapping[str, Any]], user: Api) -> None:
    (stored,) = of_kind(items, "USER", user)
    suspended = stored.get("status") == {"S": "SUSPENDED"}
    events = [item for item in of_kind(items, "AUDIT", user) if item["action"]["S"] == "status.changed"]
    assert ("GSI4PK" in stored, len(events), len(of_kind(items, "MESSAGE", user))) == (suspended, *[int(suspended)] * 2)


async def test_another_process_cuts_him_off_when_what_it_remembers_has_aged(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path
) -> None:
    async with (
        running_api(client, table_names, tmp_path, identity_cache_seconds=0.3) as one,
        running_api(client, table_names, tmp_path, identity_cache_seconds=0.3) as other,
    ):
        alice = await other.sign_up()
        assert (await alice(ME)).data
        await set_status(one, alice, "SUSPENDED")

        async def cut_off() -> bool:
            return (await alice(ME)).status == 401

        await eventually(cut_off, seconds=5)


async def test_nobody_suspends_himself(api: Api) -> None:
    error = (await set_status(api, "admin", "SUSPENDED")).error
    assert (error["errorType"], "your own account" in error["message"]) == ("BadRequest", True)
    assert (await set_status(api, "admin", "ACTIVE")).data


async def test_nobody_suspends_one_who_may_do_more(api: Api, alice: Api, bob: Api) -> None:
    """So the last administrator can't be: whoever may suspend him may do everything, and is left."""
    helper = await support(alice)
    error = (await set_status(helper, "admin", "SUSPENDED")).error
    assert (error["errorType"], "what your own does not" in error["message"]) == ("Unauthorized", True)
    assert (await set_status(helper, bob, "SUSPENDED")).data


async def test_of_two_administrators_who_suspend_each_other_one_is_left(api: Api, alice: Api) -> None:
    await mark(alice, role="admin")
    for _ in range(5):
        answers = await asyncio.gather(set_status(api, alice, "SUSPENDED"), set_status(alice, "admin", "SUSPENDED"))
        left = [caller for caller in (api, alice) if (await caller(ME)).status == 200]
        assert len(left) == 1, answers
        for user in ("admin", alice.user_id or ""):
            await left[0](SET, id=user, status="ACTIVE")


@pytest.mark.parametrize("status", ["ACTIVE", "SUSPENDED"])
async def test_an_account_that_is_going_is_left_alone(api: Api, alice: Api, status: str) -> None:
    await mark(alice, status="DELETING")
    error = (await set_status(api, alice, status)).error
    assert (error["errorType"], "being deleted" in error["message"]) == ("BadRequest", True)


async def test_no_account_is_deleted_like_this(api: Api, alice: Api) -> None:
    error = (await set_status(api, alice, "DELETING")).error
    assert (error["errorType"], "deleteMe alone" in error["message"]) == ("BadRequest", True)
    assert (await alice(ME)).data


async def test_a_user_that_there_is_not_is_not_found(api: Api) -> None:
    assert (await set_status(api, "nobody", "SUSPENDED")).error["errorType"] == "NotFound"
    assert (await set_status(api, "no#body", "SUSPENDED")).error["errorType"] == "BadRequest"
