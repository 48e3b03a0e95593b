"""Roles: which there are, who makes and gives them, and that there is an administrator at all times."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from resolvers.permissions import Permission
from tests.api import Answer, Api

AllItems = Callable[[], list[Mapping[str, Any]]]
Demoted = Callable[[Api], Awaitable[None]]
ROLES = "{ roles { id permissions description } }"
PUT = "mutation ($in: RoleInput!) { putRole(input: $in) { id permissions description } }"
SET = "mutation ($user: ID!, $role: ID!) { setUserRole(userId: $user, role: $role) { userId role } }"
SEE = "query ($user: ID!) { user(userId: $user) { userId } }"


async def put(api: Api, role: str, *permissions: str) -> Answer:
    return await api(PUT, **{"in": {"id": role, "permissions": permissions}})


async def give(api: Api, user: Api, role: str) -> Answer:
    return await api(SET, user=user.user_id, role=role)


@pytest.fixture
def demoted(api: Api, dynamodb: Any, table_names: Mapping[str, str]) -> Demoted:
    """Makes a user an administrator, of whom another process has taken that away a moment ago."""

    async def demote(user: Api) -> None:
        await give(api, user, "admin")
        assert (await user(ROLES)).data
        dynamodb.update_item(
            TableName=table_names["kv-storage-data"],
            Key={"PK": {"S": f"USER#{user.user_id}"}, "SK": {"S": "METADATA"}},
            UpdateExpression="SET #r = :m",
            ExpressionAttributeNames={"#r": "role"},
            ExpressionAttributeValues={":m": {"S": "member"}},
        )

    return demote


async def role_of(api: Api) -> str:
    role: str = (await api("{ me { role } }")).data["me"]["role"]
    return role


async def test_the_built_in_roles_are_there_without_being_stored(alice: Api) -> None:
    roles = (await alice(ROLES)).data["roles"]
    assert [(role["id"], role["permissions"]) for role in roles] == [("admin", ["*"]), ("member", [])]


async def test_a_role_opens_what_it_holds_and_nothing_else(api: Api, alice: Api, bob: Api) -> None:
    made = (await put(api, "support", "users:read", "users:read")).data["putRole"]
    assert made == {"id": "support", "permissions": ["users:read"], "description": None}
    assert (await alice(SEE, user=bob.user_id)).error["errorType"] == "Unauthorized"
    assert (await give(api, alice, "support")).data["setUserRole"] == {"userId": alice.user_id, "role": "support"}
    assert (await alice(SEE, user=bob.user_id)).data["user"] == {"userId": bob.user_id}
    assert (await put(alice, "mine", "users:read")).error["errorType"] == "Unauthorized"
    assert (await give(alice, bob, "support")).error["errorType"] == "Unauthorized"
    assert [role["id"] for role in (await alice(ROLES)).data["roles"]] == ["admin", "member", "support"]


async def test_what_a_role_no_longer_holds_is_closed_at_once(api: Api, alice: Api, bob: Api) -> None:
    await put(api, "support", "users:read")
    await give(api, alice, "support")
    assert (await alice(SEE, user=bob.user_id)).data
    assert (await put(api, "support")).data["putRole"]["permissions"] == []
    assert (await alice(SEE, user=bob.user_id)).error["errorType"] == "Unauthorized"


async def test_a_role_that_is_taken_away_is_gone_at_once(api: Api, alice: Api, bob: Api) -> None:
    await give(api, alice, "admin")
    assert (await alice(SEE, user=bob.user_id)).data
    await give(api, alice, "member")
    assert (await alice(SEE, user=bob.user_id)).error["errorType"] == "Unauthorized"


async def test_a_role_is_no_scope(api: Api, alice: Api, bob: Api) -> None:
    """A key without the admin scope does not do what its owner's role would let him."""
    await give(api, alice, "admin")
    create = 'mutation { createApiKey(input: {name: "n"}) { secret } }'
    plain = alice.as_caller((await alice(create)).data["createApiKey"]["secret"], alice.user_id)
    for answer in (await plain(SEE, user=bob.user_id), await put(plain, "r"), await give(plain, bob, "admin")):
        assert answer.error["errorType"] == "Unauthorized"


class TestWhatIsRefused:
    @pytest.mark.parametrize("permissions", [["users:delete"], ["users:read", "Users:read"], [""], ["*", "all"]])
    async def test_permissions_that_there_are_not(self, api: Api, permissions: list[str]) -> None:
        error = (await put(api, "support", *permissions)).error
        assert (error["errorType"], "users:read" in error["message"]) == ("BadRequest", True)

    @pytest.mark.parametrize("name", ["", "Support", "a b", "a#b", "9a", "a" * 33, "a\n"])
    async def test_names_that_are_none(self, api: Api, alice: Api, name: str) -> None:
        assert (await put(api, name)).error["errorType"] == "BadRequest"
        assert (await give(api, alice, name)).error["errorType"] == "BadRequest"

    async def test_a_role_that_there_is_not(self, api: Api, alice: Api) -> None:
        assert (await give(api, alice, "no-such-role")).error["errorType"] == "BadRequest"

    @pytest.mark.parametrize("user", ["nobody", "x" * 36])
    async def test_a_user_that_there_is_not(self, api: Api, user: str) -> None:
        assert (await api(SET, user=user, role="member")).error["errorType"] == "NotFound"

    @pytest.mark.parametrize("permissions", [[], ["*"], [*Permission]])
    async def test_any_change_of_the_role_admin(self, api: Api, permissions: list[str]) -> None:
        assert (await put(api, "admin", *permissions)).error["errorType"] == "BadRequest"

    async def test_a_change_of_ones_own_role(self, api: Api, alice: Api) -> None:
        for role in ("member", "admin"):
            answer = await give(api, api, role)
            assert (answer.error["errorType"] if role == "member" else "none") == (
                "BadRequest" if role == "member" else "none"
            )
        await give(api, alice, "admin")
        assert (await give(api, api, "member")).error["errorType"] == "BadRequest"
        assert await role_of(api) == "admin"

    async def test_giving_more_than_one_has(self, api: Api, alice: Api, bob: Api) -> None:
        await put(api, "keeper", "roles:write", "users:read")
        await put(api, "strong", "users:write")
        await give(api, alice, "keeper")
        refused = [
            await put(alice, "mine", "users:write"),
            await put(alice, "mine", "*"),
            await put(alice, "strong", "users:read"),
            await put(alice, "keeper", "roles:write", "users:read", "users:write"),
            await give(alice, bob, "strong"),
            await give(alice, bob, "admin"),
            await give(alice, api, "member"),
        ]
        assert [answer.error["errorType"] for answer in refused] == [
            *["Unauthorized"] * 3,
            "BadRequest",
            *["Unauthorized"] * 3,
        ]
        assert (await put(alice, "reader", "users:read")).data
        assert (await give(alice, bob, "reader")).data

    async def test_taking_the_role_admin_with_all_its_permissions_but_not_the_role(self, api: Api, alice: Api) -> None:
        await put(api, "root", "*")
        await give(api, alice, "root")
        assert (await give(alice, api, "member")).error["errorType"] == "Unauthorized"
        assert (await put(alice, "other", "*")).data


class TestThereIsAlwaysAnAdministrator:
    async def test_though_two_take_each_others_role_at_once(self, api: Api, alice: Api, all_items: AllItems) -> None:
        for _ in range(5):
            await give(api, alice, "admin")
            answers = await asyncio.gather(give(api, alice, "member"), give(alice, api, "member"))
            left = [item["userId"]["S"] for item in all_items() if item.get("role", {}).get("S") == "admin"]
            won = [answer for answer in answers if "errors" not in answer.body]
            assert (len(left), len(won)) == (1, 1)
            if left != [api.user_id]:
                await give(alice, api, "admin")
                await give(api, alice, "member")

    async def test_though_the_role_of_whoever_takes_it_is_only_remembered(
        self, api: Api, alice: Api, demoted: Demoted
    ) -> None:
        await demoted(alice)
        assert (await give(alice, api, "member")).error["errorType"] == "Unauthorized"
        assert await role_of(api) == "admin"


@pytest.mark.parametrize(
    "document",
    [
        'mutation { putRole(input: {id: "support", permissions: []}) { id } }',
        "mutation { updateConfig(input: {readOnly: true}) { readOnly } }",
        "mutation { putTier(input: {tier: FREE, maxNamespaces: 1, maxStorageBytes: 1, maxValueBytes: 1,"
        " requestsPerMonth: 1, requestsPerSecond: 1}) { tier } }",
        "mutation ($bob: ID!) { setUserPlan(userId: $bob, plan: SCALE) { plan } }",
        "mutation ($alice: ID!) { setUserPlan(userId: $alice, plan: SCALE) { plan } }",
        "mutation ($bob: ID!) { setUserStatus(userId: $bob, status: SUSPENDED) { status } }",
    ],
)
async def test_nothing_is_changed_by_a_role_that_is_only_remembered(
    alice: Api, bob: Api, demoted: Demoted, all_items: AllItems, document: str
) -> None:
    await demoted(alice)
    before = all_items()
    ids = {name: user.user_id for name, user in (("alice", alice), ("bob", bob)) if f"${name}" in document}
    assert (await alice(document, **ids)).error["errorType"] == "Unauthorized"
    assert all_items() == before


async def test_every_change_is_audited_with_what_it_was_before(api: Api, alice: Api, all_items: AllItems) -> None:
    await put(api, "support", "users:read")
    await put(api, "support", "users:read", "users:write")
    await give(api, alice, "support")
    await give(api, alice, "support")
    events = [item for item in all_items() if "action" in item and "role" in item["action"]["S"].lower()]
    owners = sorted(item["PK"]["S"] for item in events)
    assert owners == sorted(["USER#admin", "USER#admin", f"USER#{alice.user_id}"])


async def test_a_change_whose_answer_is_lost_is_made_once(api: Api, alice: Api) -> None:
    api.client.repeats = lambda sent: sent.action == "TransactWriteItems"
    assert (await put(api, "support", "users:read")).data
    assert (await give(api, alice, "support")).data["setUserRole"]["role"] == "support"


async def test_20_that_put_one_role_at_once_are_all_answered(api: Api) -> None:
    answers = await asyncio.gather(*(put(api, "support", "users:read") for _ in range(20)))
    assert all(answer.data["putRole"]["id"] == "support" for answer in answers)
