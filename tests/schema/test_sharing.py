"""Sharing: who may share what with whom, what the invited may then do, and how it ends."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from datastore.client import BotoClient
from datastore.errors import OutcomeUnknown
from tests.api import Answer, Api, eventually, running_api
from tests.recording_client import Sent

AllItems = Callable[[], list[Mapping[str, Any]]]
SHARE = """mutation ($id: ID!, $email: AWSEmail!, $role: NamespaceRole!) {
    shareNamespace(id: $id, email: $email, role: $role) { userId email role createdAt } }"""
UNSHARE = "mutation ($id: ID!, $user: ID!) { unshareNamespace(id: $id, userId: $user) }"
MEMBERS = "query ($id: ID!) { namespace(id: $id) { members { items { userId email role } } } }"
LISTED = "{ namespaces { items { id role ownerId } } }"


async def email_of(api: Api) -> str:
    email: str = (await api("{ me { email } }")).data["me"]["email"]
    return email


async def share(owner: Api, name: str, invited: Api, role: str = "EDITOR") -> Answer:
    return await owner(SHARE, id=name, email=await email_of(invited), role=role)


async def unshare(caller: Api, name: str, user: Api) -> Answer:
    return await caller(UNSHARE, id=name, user=user.user_id)


async def members(api: Api, name: str) -> dict[str, str]:
    items = (await api(MEMBERS, id=name)).data["namespace"]["members"]["items"]
    return {item["userId"]: item["role"] for item in items}


def told(all_items: AllItems, user: Api) -> list[str]:
    """The subjects of the user's messages."""
    items = [item for item in all_items() if item["entityType"]["S"] == "MESSAGE"]
    return [item["subject"]["S"] for item in items if item["PK"]["S"] == f"USER#{user.user_id}"]


def audited(all_items: AllItems, user: Api) -> list[str]:
    """The actions in the user's audit that are about sharing."""
    items = [item for item in all_items() if "action" in item and item["PK"]["S"] == f"USER#{user.user_id}"]
    return [item["action"]["S"] for item in items if "hare" in item["action"]["S"]]


def pairs(all_items: AllItems, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Who has which role by his grant, and who by the list of members."""
    items = all_items()
    grants = {item["userId"]["S"]: item["role"]["S"] for item in items if item["SK"]["S"] == f"NS#{name}"}
    listed = {
        item["userId"]["S"]: item["role"]["S"]
        for item in items
        if item["PK"]["S"] == f"NS#{name}" and item["SK"]["S"].startswith("MEMBER#")
    }
    return grants, listed


class TestAShare:
    async def test_opens_the_namespace_to_the_invited_at_once_and_tells_them(
        self, alice: Api, bob: Api, all_items: AllItems
    ) -> None:
        name = await alice.namespace()
        assert (await bob.page(name)).error["errorType"] == "NotFound"
        member = (await share(alice, name, bob)).data["shareNamespace"]
        assert (member["userId"], member["email"], member["role"]) == (bob.user_id, await email_of(bob), "EDITOR")
        assert (await bob.put(name, "a", 1)).data["putKey"]["version"] == 1
        assert (await bob(LISTED)).data["namespaces"]["items"] == [
            {"id": name, "role": "EDITOR", "ownerId": alice.user_id}
        ]
        assert await members(bob, name) == {alice.user_id: "OWNER", bob.user_id: "EDITOR"}
        assert told(all_items, bob) == [f"The namespace {name} is shared with you"]
        assert len(audited(all_items, alice)) == len(audited(all_items, bob)) == 1

    async def test_made_again_changes_the_role_and_keeps_since_when(
        self, alice: Api, bob: Api, all_items: AllItems
    ) -> None:
        name = await alice.namespace()
        first = (await share(alice, name, bob, "EDITOR")).data["shareNamespace"]
        await bob.put(name, "a", 1)
        second = (await share(alice, name, bob, "VIEWER")).data["shareNamespace"]
        assert (second["role"], second["createdAt"]) == ("VIEWER", first["createdAt"])
        assert (await bob.put(name, "a", 2)).error["errorType"] == "Unauthorized"
        assert await bob.names(name, consistent=True) == ["a"]
        assert pairs(all_items, name) == ({alice.user_id: "OWNER", bob.user_id: "VIEWER"},) * 2

    async def test_made_again_with_the_same_role_writes_and_tells_nothing(
        self, alice: Api, bob: Api, all_items: AllItems
    ) -> None:
        name = await alice.namespace()
        first = (await share(alice, name, bob)).data
        before = all_items()
        assert (await share(alice, name, bob)).data == first
        assert all_items() == before

    async def test_finds_an_address_however_it_is_spelled(self, alice: Api, bob: Api) -> None:
        email = (await email_of(bob)).upper()
        assert (await alice(SHARE, id=await alice.namespace(), email=email, role="VIEWER")).data

    async def test_is_refused_with_oneself_and_with_whoever_made_the_namespace(self, alice: Api, bob: Api) -> None:
        name = await alice.namespace()
        assert (await share(alice, name, alice, "VIEWER")).error["errorType"] == "BadRequest"
        await share(alice, name, bob, "OWNER")
        for caller, other in ((bob, alice), (bob, bob)):
            assert (await share(caller, name, other, "VIEWER")).error["errorType"] == "BadRequest"
        assert await members(alice, name) == {alice.user_id: "OWNER", bob.user_id: "OWNER"}

    async def test_is_refused_with_an_address_that_nobody_has(self, alice: Api, all_items: AllItems) -> None:
        name = await alice.namespace()
        before = all_items()
        error = (await alice(SHARE, id=name, email="nobody@example.com", role="VIEWER")).error
        assert (error["errorType"], error["data"]) == ("NotFound", None)
        assert all_items() == before

    async def test_is_refused_of_a_namespace_that_goes(self, alice: Api, bob: Api) -> None:
        name = await alice.namespace()
        await alice.delete_namespace(name)
        assert (await share(alice, name, bob)).error["errorType"] == "NamespaceDeleting"
        assert (await unshare(alice, name, bob)).error["errorType"] == "NamespaceDeleting"

    @pytest.mark.parametrize("role", ["VIEWER", "EDITOR"])
    async def test_is_for_owners(self, api: Api, alice: Api, bob: Api, role: str) -> None:
        name, carol = await alice.namespace(), await api.sign_up()
        await share(alice, name, bob, role)
        for answer in (await share(bob, name, carol, "VIEWER"), await unshare(bob, name, alice)):
            assert answer.error["errorType"] == "Unauthorized"
        assert (await share(carol, name, bob, "VIEWER")).error["errorType"] == "NotFound"

    async def test_takes_a_key_with_the_admin_scope(self, alice: Api, bob: Api) -> None:
        """Who is invited keeps what he was given when the key that invited him has been revoked."""
        name = await alice.namespace()
        create = 'mutation { createApiKey(input: {name: "n"}) { secret } }'
        plain = alice.as_caller((await alice(create)).data["createApiKey"]["secret"], alice.user_id)
        assert (await share(plain, name, bob)).error["errorType"] == "Unauthorized"
        assert (await unshare(plain, name, bob)).error["errorType"] == "Unauthorized"

    async def test_whose_answer_is_lost_is_made_once(self, alice: Api, bob: Api, all_items: AllItems) -> None:
        name = await alice.namespace()
        alice.client.repeats = lambda sent: sent.action == "TransactWriteItems"
        assert (await share(alice, name, bob)).data
        assert len(told(all_items, bob)) == 1
        assert (await unshare(alice, name, bob)).data == {"unshareNamespace": True}


class TestItsEnd:
    async def test_closes_the_namespace_at_once_though_the_grant_was_remembered(
        self, alice: Api, bob: Api, all_items: AllItems
    ) -> None:
        name = await alice.namespace()
        await share(alice, name, bob)
        assert (await bob.put(name, "a", 1)).data
        assert (await unshare(alice, name, bob)).data == {"unshareNamespace": True}
        assert (await bob.put(name, "a", 2)).error["errorType"] == "NotFound"
        assert (await bob(LISTED)).data["namespaces"]["items"] == []
        assert pairs(all_items, name) == ({alice.user_id: "OWNER"},) * 2
        assert f"The namespace {name} is no longer shared with you" in told(all_items, bob)
        assert len(audited(all_items, alice)) == len(audited(all_items, bob)) == 2

    @pytest.mark.parametrize("role", ["VIEWER", "EDITOR", "OWNER"])
    async def test_may_be_ones_own_doing_and_the_owner_is_told(
        self, alice: Api, bob: Api, all_items: AllItems, role: str
    ) -> None:
        name = await alice.namespace()
        await share(alice, name, bob, role)
        assert (await unshare(bob, name, bob)).data == {"unshareNamespace": True}
        assert (await unshare(bob, name, bob)).error["errorType"] == "NotFound"
        assert told(all_items, alice) == [f"{await email_of(bob)} has left the namespace {name}"]
        assert await members(alice, name) == {alice.user_id: "OWNER"}

    async def test_is_never_that_of_whoever_made_it(self, alice: Api, bob: Api) -> None:
        name = await alice.namespace()
        await share(alice, name, bob, "OWNER")
        for caller in (alice, bob):
            assert (await unshare(caller, name, alice)).error["errorType"] == "BadRequest"
        assert (await members(alice, name))[alice.user_id or ""] == "OWNER"

    @pytest.mark.parametrize("user", ["not-a-member", "#", "", "x" * 65])
    async def test_of_whoever_is_no_member_answers_false(self, alice: Api, user: str) -> None:
        answer = await alice(UNSHARE, id=await alice.namespace(), user=user)
        assert answer.data == {"unshareNamespace": False}

    async def test_comes_with_that_of_the_namespace_at_once(self, alice: Api, bob: Api) -> None:
        name = await alice.namespace()
        await share(alice, name, bob)
        assert (await bob.put(name, "a", 1)).data
        await alice.delete_namespace(name)
        assert (await bob.put(name, "a", 2)).error["errorType"] in ("NamespaceDeleting", "NotFound")

        async def is_left() -> bool:
            return (await bob(LISTED)).data["namespaces"]["items"] == []

        await eventually(is_left)


async def test_another_process_remembers_a_membership_no_longer_than_the_identity_cache(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path
) -> None:
    async with (
        running_api(client, table_names, tmp_path) as here,
        running_api(client, table_names, tmp_path, identity_cache_seconds=0.5) as there,
    ):
        alice, bob = await here.sign_up(), await here.sign_up()
        name = await alice.namespace()
        await share(alice, name, bob)
        bob_there = there.as_caller(bob.key, bob.user_id)
        assert (await bob_there.put(name, "a", 1)).data
        since = asyncio.get_running_loop().time()
        assert (await unshare(alice, name, bob)).data
        await eventually(partial(is_closed, bob_there, name))
        assert asyncio.get_running_loop().time() - since < 5
        assert (await bob.put(name, "a", 1)).error["errorType"] == "NotFound"


class TestRaces:
    async def test_of_two_shares_leave_grant_and_member_alike(self, alice: Api, bob: Api, all_items: AllItems) -> None:
        name = await alice.namespace()
        roles = ["VIEWER", "EDITOR", "OWNER"] * 3
        answers = await asyncio.gather(*(share(alice, name, bob, role) for role in roles))
        assert [answer.data["shareNamespace"]["role"] for answer in answers] == roles
        grants, listed = pairs(all_items, name)
        assert grants == listed

    async def test_of_sharing_and_unsharing_leave_both_or_none(self, alice: Api, bob: Api, all_items: AllItems) -> None:
        name = await alice.namespace()
        await share(alice, name, bob)
        calls = [(share, "VIEWER"), (unshare, None), (share, "EDITOR"), (unshare, None)] * 2
        answers = await asyncio.gather(
            *(call(alice, name, bob, role) if role else call(alice, name, bob) for call, role in calls)  # type: ignore[operator]
        )
        assert all("errors" not in answer.body for answer in answers)
        grants, listed = pairs(all_items, name)
        assert grants == listed

    async def test_with_the_deletion_of_the_namespace_leave_no_grant(
        self, alice: Api, bob: Api, all_items: AllItems
    ) -> None:
        for _ in range(5):
            name = await alice.namespace()
            shared, deleted = await asyncio.gather(share(alice, name, bob), alice.delete_namespace(name))
            assert deleted.data["deleteNamespace"]["status"] == "DELETING"
            assert "errors" not in shared.body or shared.error["errorType"] == "NamespaceDeleting"
            await eventually(partial(is_closed, bob, name))

    async def test_an_owner_whose_part_has_ended_elsewhere_shares_and_deletes_no_more(
        self, api: Api, alice: Api, bob: Api, all_items: AllItems, dynamodb: Any, table_names: Mapping[str, str]
    ) -> None:
        """His grant is remembered here; another process has taken it away."""
        name, carol = await alice.namespace(), await api.sign_up()
        await share(alice, name, bob, "OWNER")
        assert (await bob.put(name, "a", 1)).data
        for pk, sk in ((f"USER#{bob.user_id}", f"NS#{name}"), (f"NS#{name}", f"MEMBER#{bob.user_id}")):
            dynamodb.delete_item(TableName=table_names["kv-storage-data"], Key={"PK": {"S": pk}, "SK": {"S": sk}})
        assert (await share(bob, name, carol)).error["errorType"] == "NotFound"
        assert (await unshare(bob, name, alice)).error["errorType"] == "NotFound"
        assert (await bob.put(name, "a", 1)).data, "he is still remembered"
        assert (await bob.delete_namespace(name)).error["errorType"] == "Unauthorized"
        assert pairs(all_items, name) == ({alice.user_id: "OWNER"},) * 2


async def is_closed(api: Api, name: str) -> bool:
    """Whoever joined at the very moment of the deletion is left to the job."""
    errors = (await api.put(name, "a", 1)).body.get("errors", [])
    return {error["errorType"] for error in errors} <= {"NamespaceDeleting", "NotFound"} and bool(errors)


@pytest.mark.parametrize("call", ["share", "unshare"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_kill_at_any_call_leaves_both_items_or_none(
    alice: Api, bob: Api, all_items: AllItems, call: str, when: str
) -> None:
    for number in range(1, 20):
        name = await alice.namespace()
        if call == "unshare":
            await share(alice, name, bob)
        email = await email_of(bob)
        _kill_at(alice, number, when)
        asked = alice(SHARE, id=name, email=email, role="EDITOR") if call == "share" else unshare(alice, name, bob)
        killed = "errors" in (await asked).body
        alice.client.before, alice.client.after = lambda sent: None, lambda sent, answer: answer
        grants, listed = pairs(all_items, name)
        assert grants == listed
        if not killed:
            break
        again = await (share(alice, name, bob) if call == "share" else unshare(alice, name, bob))
        assert "errors" not in again.body
    assert not killed


def _kill_at(api: Api, call: int, when: str) -> None:
    """From this call on nothing reaches the table, or no answer comes back."""
    left = [call]

    def strike() -> None:
        left[0] -= 1
        if left[0] <= 0:
            raise OutcomeUnknown("killed")

    def before(sent: Sent) -> None:
        if sent.parameters.get("IndexName") != "OwnerStatusIndex":
            strike()

    def after(sent: Sent, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        if sent.parameters.get("IndexName") != "OwnerStatusIndex":
            strike()
        return answer

    if when == "before":
        api.client.before = before
    else:
        api.client.after = after
