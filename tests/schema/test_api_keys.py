"""API keys: scoped, expiring, revocable at once, checked before anything is read, and nowhere in the table."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

import pytest

from datastore.api_keys import make_api_key
from datastore.client import BotoClient
from tests.api import Answer, Api, running_api
from tests.clock import Clock

CREATE = """mutation ($in: CreateApiKeyInput!) {
    createApiKey(input: $in) { secret apiKey { apiKeyId name prefix scopes createdAt lastUsedAt expiresAt } } }"""
REVOKE = "mutation ($id: ID!) { revokeApiKey(apiKeyId: $id) }"
ME = "{ me { userId } }"

AllItems = Callable[[], list[Mapping[str, Any]]]


async def create(api: Api, **new: Any) -> Any:
    return (await api(CREATE, **{"in": {"name": "another", **new}})).data["createApiKey"]


def is_let_in(answer: Answer) -> bool:
    if answer.status == 401:
        assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"
        assert answer.error["errorType"] == "UnauthorizedException"
    return answer.status == 200


async def test_a_new_key_opens_and_is_listed_without_its_secret(alice: Api) -> None:
    made = await create(alice, name="for the crawler")
    assert (await alice.as_caller(made["secret"])(ME)).data["me"]["userId"] == alice.user_id
    assert made["apiKey"]["prefix"] == made["secret"][:14]
    assert (made["apiKey"]["scopes"], made["apiKey"]["expiresAt"]) == (["read", "write"], None)
    answer = await alice("{ me { apiKeys { items { apiKeyId name prefix scopes } } } }")
    listed = answer.data["me"]["apiKeys"]["items"]
    assert [key["name"] for key in listed] == ["first", "for the crawler"]
    assert made["secret"] not in json.dumps(answer.body)


class TestScopes:
    async def test_a_key_that_reads_does_not_write(self, alice: Api) -> None:
        namespace = await alice.namespace()
        reader = alice.as_caller((await create(alice, scopes=["read"]))["secret"])
        assert await reader.names(namespace) == []
        error = (await reader.put(namespace, "a", 1)).error
        assert (error["errorType"], error["message"]) == (
            "Unauthorized",
            "Not Authorized to access putKey on type Mutation",
        )

    async def test_a_key_that_writes_does_not_read(self, alice: Api) -> None:
        namespace = await alice.namespace()
        writer = alice.as_caller((await create(alice, scopes=["write"]))["secret"])
        assert (await writer.put(namespace, "a", 1)).data
        assert (await writer.page(namespace)).error["errorType"] == "Unauthorized"

    async def test_a_key_without_admin_makes_and_ends_no_keys(self, alice: Api) -> None:
        made = await create(alice)
        caller = alice.as_caller(made["secret"])
        assert (await caller(CREATE, **{"in": {"name": "n"}})).error["errorType"] == "Unauthorized"
        assert (await caller(REVOKE, id=made["apiKey"]["apiKeyId"])).error["errorType"] == "Unauthorized"

    async def test_a_key_makes_none_that_may_do_more_than_itself(self, alice: Api) -> None:
        admin = alice.as_caller((await create(alice, scopes=["admin", "write"]))["secret"])
        error = (await admin(CREATE, **{"in": {"name": "n", "scopes": ["read", "write"]}})).error
        assert (error["errorType"], "does not have itself: read" in error["message"]) == ("BadRequest", True)

    @pytest.mark.parametrize("scopes", [[], ["all"], ["read", "READ"]])
    async def test_scopes_that_are_none_are_refused(self, alice: Api, scopes: list[str]) -> None:
        error = (await alice(CREATE, **{"in": {"name": "n", "scopes": scopes}})).error
        assert (error["errorType"], "read, write, admin" in error["message"]) == ("BadRequest", True)


async def test_a_key_ends_at_its_second_and_is_no_longer_listed(timed: Api, clock: Clock) -> None:
    made = await create(timed, expiresIn=60)
    assert made["apiKey"]["expiresAt"] == clock.seconds + 60
    caller = timed.as_caller(made["secret"])
    clock.advance(59)
    assert is_let_in(await caller(ME))
    clock.advance(1)
    assert not is_let_in(await caller(ME))
    listed = (await timed("{ me { apiKeys { items { name } } } }")).data["me"]["apiKeys"]["items"]
    assert listed == [{"name": "first"}]


class TestRevocation:
    async def test_counts_from_the_next_request_on_though_the_key_was_remembered(self, alice: Api) -> None:
        made = await create(alice)
        caller = alice.as_caller(made["secret"])
        assert is_let_in(await caller(ME))
        assert is_let_in(await caller(ME))
        assert (await alice(REVOKE, id=made["apiKey"]["apiKeyId"])).data == {"revokeApiKey": True}
        assert not is_let_in(await caller(ME))
        assert is_let_in(await alice(ME))

    async def test_counts_though_the_key_is_being_read_at_that_moment(self, alice: Api) -> None:
        made = await create(alice)
        caller = alice.as_caller(made["secret"])
        await asyncio.gather(alice(REVOKE, id=made["apiKey"]["apiKeyId"]), *(caller(ME) for _ in range(10)))
        assert not is_let_in(await caller(ME))

    async def test_of_none_or_of_a_revoked_one_answers_false(self, alice: Api) -> None:
        made = await create(alice)
        for key_id, answer in [(made["apiKey"]["apiKeyId"], True), (made["apiKey"]["apiKeyId"], False), ("x", False)]:
            assert (await alice(REVOKE, id=key_id)).data == {"revokeApiKey": answer}

    async def test_of_anothers_key_answers_as_of_none_and_leaves_it(self, alice: Api, bob: Api) -> None:
        made = await create(alice)
        assert (await bob(REVOKE, id=made["apiKey"]["apiKeyId"])).data == {"revokeApiKey": False}
        assert is_let_in(await alice.as_caller(made["secret"])(ME))

    async def test_can_end_the_key_that_asks_for_it(self, alice: Api) -> None:
        keys = (await alice("{ me { apiKeys { items { apiKeyId } } } }")).data["me"]["apiKeys"]["items"]
        assert (await alice(REVOKE, id=keys[0]["apiKeyId"])).data == {"revokeApiKey": True}
        assert not is_let_in(await alice(ME))


class TestRotation:
    async def test_has_no_gap_old_and_new_are_valid_until_the_old_one_is_revoked(self, alice: Api) -> None:
        """Calls go on all the while, with whichever key their sender has."""
        namespace, old = await alice.namespace(), await create(alice)
        caller = alice.as_caller(old["secret"])
        assert (await caller.put(namespace, "a", 1)).data
        renewed = alice.as_caller((await create(alice))["secret"])
        for each in (caller, renewed, caller):
            assert (await each.put(namespace, "a", 1)).data
        assert (await alice(REVOKE, id=old["apiKey"]["apiKeyId"])).data == {"revokeApiKey": True}
        assert not is_let_in(await caller(ME))
        assert (await renewed.put(namespace, "a", 2)).data["putKey"]["version"] == 5

    async def test_of_the_very_key_that_asks_for_it(self, alice: Api) -> None:
        first = (await alice("{ me { apiKeys { items { apiKeyId } } } }")).data["me"]["apiKeys"]["items"][0]
        renewed = alice.as_caller((await create(alice, scopes=["read", "write", "admin"]))["secret"])
        assert is_let_in(await alice(ME))
        assert (await renewed(REVOKE, id=first["apiKeyId"])).data == {"revokeApiKey": True}
        assert not is_let_in(await alice(ME))
        assert (await create(renewed))["secret"]


async def test_when_a_key_was_last_used_is_seen_by_its_owner_and_costs_requests_nothing(
    timed: Api, clock: Clock
) -> None:
    used = "{ me { apiKeys { items { lastUsedAt } } } }"
    assert (await timed(used)).data["me"]["apiKeys"]["items"] == [{"lastUsedAt": None}]
    timed.client.sent.clear()
    for _ in range(5):
        await timed("{ __typename }")
    assert timed.client.actions() == []
    timed.app.state.key_uses.write()
    await timed.store.deferred.settled()
    assert timed.client.actions() == ["UpdateItem"]
    at = clock.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert (await timed(used)).data["me"]["apiKeys"]["items"] == [{"lastUsedAt": at}]


class TestTheLookUp:
    async def test_is_one_consistent_getitem_by_sha_256(
        self, client: BotoClient, table_names: Mapping[str, str], tmp_path: Any
    ) -> None:
        async with running_api(client, table_names, tmp_path, identity_cache_seconds=0) as api:
            alice = await api.sign_up()
            api.client.sent.clear()
            await alice("{ __typename }")
            sent, _ = api.client.asked()  # and then the key's user
            digest = hashlib.sha256((alice.key or "").encode()).hexdigest()
            assert sent.action == "GetItem"
            assert sent.parameters == {
                "TableName": table_names["kv-storage-data"],
                "Key": {"PK": {"S": f"APIKEY#{digest}"}, "SK": {"S": "METADATA"}},
                "ConsistentRead": True,
            }

    async def test_is_remembered_for_a_few_seconds(self, alice: Api) -> None:
        await alice("{ __typename }")
        alice.client.sent.clear()
        await alice("{ __typename }")
        assert alice.client.actions() == []

    async def test_reads_nothing_for_a_malformed_key(self, api: Api, alice: Api) -> None:
        key = alice.key or ""
        mistyped = key[:-8] + ("A" if key[-8] != "A" else "B") + key[-7:]
        malformed = ["x", "kv_live_", key[:-1], key + "0", key.upper(), mistyped, " " * 47, f"kv_test_{key[8:]}"]
        api.client.sent.clear()
        for text in malformed:
            assert not is_let_in(await api.as_caller(text)(ME))
        assert api.client.actions() == []

    async def test_refuses_a_well_formed_key_that_nobody_was_given(self, api: Api) -> None:
        assert not is_let_in(await api.as_caller(make_api_key(b"\x01" * 24))(ME))


async def test_no_key_and_no_password_is_anywhere_in_the_table(alice: Api, all_items: AllItems) -> None:
    password = "canary-9f3c-password"
    sign_up = "mutation ($in: SignUpInput!) { signUp(input: $in) { apiKey } }"
    made = (await alice(sign_up, **{"in": {"email": "canary@example.com", "password": password}})).data["signUp"]
    keys = [alice.key or "", made["apiKey"], (await create(alice))["secret"]]
    items = all_items()
    stored = json.dumps(items)
    assert len([item for item in items if item["entityType"]["S"] == "APIKEY"]) >= len(keys)
    for secret in (password, *keys, *(key[14:] for key in keys)):  # what comes after the prefix that is shown
        assert secret not in stored
    hashes = [item["passwordHash"]["S"] for item in items if "passwordHash" in item]
    assert hashes
    assert all(text.startswith("$argon2id$") for text in hashes)


async def test_each_change_of_a_key_is_kept_with_who_did_it_and_without_the_key(
    alice: Api, all_items: AllItems
) -> None:
    made = await create(alice)
    await alice(REVOKE, id=made["apiKey"]["apiKeyId"])
    await alice(REVOKE, id=made["apiKey"]["apiKeyId"])  # once more changes nothing, so nothing is kept of it
    events = [item for item in all_items() if item["entityType"]["S"] == "AUDIT"]
    of_alice = [event for event in events if event["PK"]["S"] == f"USER#{alice.user_id}"]
    told = sorted((event["action"]["S"], event.get("actorId", {}).get("S")) for event in of_alice)
    assert told == [
        ("account.created", None),
        ("apiKey.created", alice.user_id),
        ("apiKey.revoked", alice.user_id),
    ]
    assert made["secret"] not in json.dumps(events)
