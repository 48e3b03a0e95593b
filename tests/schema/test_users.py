"""Users: signing up, and who may see whom."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.api import Api

SIGN_UP = "mutation ($in: SignUpInput!) { signUp(input: $in) { apiKey user { userId email plan status role } } }"
USER = "query ($id: ID!) { user(userId: $id) { userId email role } }"
BY_KEY = "query ($key: String!) { userByApiKey(apiKey: $key) { userId } }"

AllItems = Callable[[], list[Mapping[str, Any]]]


def account(email: str) -> dict[str, Any]:
    return {"in": {"email": email, "password": "correct horse"}}


async def test_anybody_can_sign_up_and_the_key_that_is_shown_opens(api: Api) -> None:
    made = (await api.as_caller(None)(SIGN_UP, **account("ada@example.com"))).data["signUp"]
    user = made["user"]
    assert {name: user[name] for name in ("email", "plan", "status", "role")} == {
        "email": "ada@example.com",
        "plan": "FREE",
        "status": "ACTIVE",
        "role": "member",
    }
    me = (await api.as_caller(made["apiKey"])("{ me { userId email requestCount storageBytes } }")).data["me"]
    assert me == {"userId": user["userId"], "email": "ada@example.com", "requestCount": 0, "storageBytes": 0}


@pytest.mark.parametrize("spelling", ["ada@example.com", "ADA@Example.COM"])
async def test_an_email_is_taken_in_every_spelling(api: Api, spelling: str) -> None:
    await api(SIGN_UP, **account("Ada@example.com"))
    error = (await api(SIGN_UP, **account(spelling))).error
    assert (error["errorType"], error["extensions"]["code"]) == ("AlreadyExists", "ALREADY_EXISTS")


async def test_an_email_is_taken_however_its_letters_are_composed(api: Api) -> None:
    await api(SIGN_UP, **account("jos\u00e9@example.com"))
    assert (await api(SIGN_UP, **account("jose\u0301@example.com"))).error["errorType"] == "AlreadyExists"


async def test_of_20_that_sign_up_with_one_email_exactly_one_succeeds_and_nothing_is_left_of_the_others(
    api: Api, all_items: AllItems
) -> None:
    before = len(all_items())
    answers = await asyncio.gather(*(api(SIGN_UP, **account("wanted@example.com")) for _ in range(20)))
    (won,) = [answer.data["signUp"] for answer in answers if "errors" not in answer.body]
    assert {answer.error["errorType"] for answer in answers if "errors" in answer.body} == {"AlreadyExists"}
    kinds = sorted(item["entityType"]["S"] for item in all_items() if item.get("userId", {}).get("S") != "admin")
    assert kinds == ["APIKEY", "ASSIGNMENT", "AUDIT", "EMAIL", "USER"]
    assert len(all_items()) == before + 5
    assert (await api.as_caller(won["apiKey"])("{ me { email } }")).data["me"]["email"] == "wanted@example.com"


async def test_signing_up_stands_alone_in_its_document(api: Api) -> None:
    """Or one request could guess many times."""
    query = """mutation ($in: SignUpInput!) {
        a: signUp(input: $in) { apiKey } b: signUp(input: $in) { apiKey } }"""
    assert (await api(query, **account("ada@example.com"))).error["errorType"] == "LimitExceeded"


class TestUser:
    async def test_is_shown_to_himself_and_to_an_administrator(self, api: Api, alice: Api) -> None:
        for caller in (alice, api):
            assert (await caller(USER, id=alice.user_id)).data["user"]["userId"] == alice.user_id

    async def test_is_shown_to_nobody_else_whether_there_is_one_or_not(self, alice: Api, bob: Api) -> None:
        for user_id in (alice.user_id, "admin", "nobody", "a#b", ""):
            answer = await bob(USER, id=user_id)
            assert (answer.body["data"], answer.error["errorType"]) == ({"user": None}, "Unauthorized")
            assert answer.error["message"] == "Not Authorized to access user on type Query"

    async def test_that_there_is_none_of_is_null_to_an_administrator(self, api: Api) -> None:
        assert (await api(USER, id="nobody")).data == {"user": None}

    async def test_is_only_shown_by_a_key_with_the_admin_scope(self, api: Api, alice: Api) -> None:
        create = 'mutation { createApiKey(input: {name: "reader", scopes: ["read"]}) { secret } }'
        reader = api.as_caller((await api(create)).data["createApiKey"]["secret"])
        assert (await reader(USER, id=alice.user_id)).error["errorType"] == "Unauthorized"
        assert (await reader(BY_KEY, key=alice.key)).error["errorType"] == "Unauthorized"
        assert (await reader("{ me { userId } }")).data == {"me": {"userId": "admin"}}

    async def test_shows_an_administrator_which_namespaces_and_keys_he_has_but_not_what_is_in_them(
        self, api: Api, alice: Api
    ) -> None:
        namespace = await alice.namespace()
        await alice.put(namespace, "a", 1)
        lists = """query ($id: ID!) { user(userId: $id) {
            namespaces { items { id } } apiKeys { items { name prefix } } } }"""
        user = (await api(lists, id=alice.user_id)).data["user"]
        assert user["namespaces"]["items"] == [{"id": namespace}]
        assert user["apiKeys"]["items"] == [{"name": "first", "prefix": (alice.key or "")[:14]}]
        for inside in ('key(key: "a") { value }', "keys { items { value } }", "members { items { userId } }"):
            query = f"query ($id: ID!) {{ user(userId: $id) {{ namespaces {{ items {{ {inside} }} }} }} }}"
            answer = await api(query, id=alice.user_id)
            assert [error["errorType"] for error in answer.body["errors"]] == ["Unauthorized"]
            assert (await alice(query, id=alice.user_id)).data


class TestUserByApiKey:
    async def test_finds_the_user_for_an_administrator(self, api: Api, alice: Api) -> None:
        assert (await api(BY_KEY, key=alice.key)).data == {"userByApiKey": {"userId": alice.user_id}}

    @pytest.mark.parametrize("key", ["", "kv_live_", "x" * 500, "APIKEY#"])
    async def test_finds_nobody_for_what_is_no_key(self, api: Api, key: str) -> None:
        assert (await api(BY_KEY, key=key)).data == {"userByApiKey": None}

    async def test_is_refused_to_everybody_else_even_for_his_own(self, alice: Api, bob: Api) -> None:
        for key in (alice.key, bob.key, "kv_live_none"):
            assert (await bob(BY_KEY, key=key)).error["errorType"] == "Unauthorized"

    async def test_finds_nobody_once_the_first_key_is_revoked(self, api: Api, alice: Api) -> None:
        keys = (await alice("{ me { apiKeys { items { apiKeyId } } } }")).data["me"]["apiKeys"]["items"]
        revoke = "mutation ($id: ID!) { revokeApiKey(apiKeyId: $id) }"
        assert (await alice(revoke, id=keys[0]["apiKeyId"])).data == {"revokeApiKey": True}
        assert (await api(BY_KEY, key=alice.key)).data == {"userByApiKey": None}
