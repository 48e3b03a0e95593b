"""Who is let in: a valid credential of an account that is there and may be used, and what asking for it costs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.client import BotoClient
from datastore.entities.role import RoleEntity
from datastore.expressions import Update
from datastore.operations import DeleteItem, PutItem, UpdateItem
from tests.api import Api, eventually, running_api
from tests.recording_client import Sent

ME = "{ me { userId } }"
READ = 'query ($ns: ID!) { key(namespace: $ns, key: "a") { value } }'
LIST = "query ($ns: ID!) { keys(namespace: $ns) { items { value } } }"
WRITE = 'mutation ($ns: ID!) { putKey(input: { namespace: $ns, key: "a", value: 1 }) { version } }'
USER = "query ($id: ID!) { user(userId: $id) { userId } }"
OPEN = 'mutation { signUp(input: { email: "x@example.com", password: "correct horse" }) { user { email } } }'


async def mark(api: Api, **attributes: Any) -> None:
    """Changes the caller's user item, as an administrator's mutation would."""
    await api.store.execute(UpdateItem(AccessPattern.GET_USER.key(user_id=api.user_id or ""), Update(attributes)))


async def test_a_suspended_account_is_refused_and_told_so(alice: Api) -> None:
    assert (await alice(ME)).data
    await mark(alice, status="SUSPENDED")
    answer = await alice(ME)
    assert (answer.status, answer.error["message"]) == (401, "This account is suspended.")
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"


async def test_an_account_that_is_going_is_refused_like_one_that_is_not_there(alice: Api) -> None:
    await mark(alice, status="DELETING")
    going = await alice(ME)
    await alice.store.execute(DeleteItem(AccessPattern.GET_USER.key(user_id=alice.user_id or "")))
    gone = await alice(ME)
    assert (going.status, going.error) == (gone.status, gone.error)
    assert going.status == 401


async def test_an_account_that_is_let_in_again_is_let_in(alice: Api) -> None:
    await mark(alice, status="SUSPENDED")
    assert (await alice(ME)).status == 401
    await mark(alice, status="ACTIVE")
    assert (await alice(ME)).data["me"]["userId"] == alice.user_id


async def test_what_is_open_to_all_is_open_to_one_whose_account_is_going(alice: Api) -> None:
    await mark(alice, status="DELETING")
    assert (await alice(OPEN)).data["signUp"]["user"]["email"] == "x@example.com"


async def test_another_process_s_suspension_counts_when_the_cache_has_forgotten(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path
) -> None:
    here = running_api(client, table_names, tmp_path, identity_cache_seconds=0.2)
    there = running_api(client, table_names, tmp_path)
    async with here as api, there as other:
        alice = await api.sign_up()
        assert (await alice(ME)).status == 200
        await mark(other.as_caller(alice.key, alice.user_id), status="SUSPENDED")

        async def is_refused() -> bool:
            return (await alice(ME)).status == 401

        await eventually(is_refused, seconds=5)


async def test_a_role_opens_what_it_permits_and_no_more(api: Api, alice: Api, bob: Api) -> None:
    assert (await alice(USER, id=bob.user_id)).error["errorType"] == "Unauthorized"
    role = RoleEntity.new("support", "2026-01-01T00:00:00.000Z", permissions=["users:read"])
    await api.store.execute(PutItem(role.to_item()))
    await mark(alice, role="support")
    assert (await alice(USER, id=bob.user_id)).data["user"]["userId"] == bob.user_id
    await api.store.execute(PutItem({**role.to_item(), "permissions": ["tiers:write"]}))
    assert (await alice(USER, id=bob.user_id)).error["errorType"] == "Unauthorized"


@pytest.mark.parametrize(
    ("document", "action"), [(READ, "GetItem"), (LIST, "Query"), (WRITE, "UpdateItem")], ids=["key", "keys", "putKey"]
)
async def test_with_warm_caches_a_request_is_one_call_of_the_table(alice: Api, document: str, action: str) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "a", 1)
    await alice(document, ns=namespace)
    alice.client.sent.clear()
    assert (await alice(document, ns=namespace)).data
    assert alice.client.actions() == [action]


async def test_a_cold_request_reads_the_key_the_user_the_policies_and_the_grant(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path
) -> None:
    """For what reads one item, the grant and the item are one call: see test_reading_ahead."""
    async with running_api(client, table_names, tmp_path, identity_cache_seconds=0) as api:
        alice = await api.sign_up()
        namespace = await alice.namespace()
        api.client.sent.clear()
        await alice(WRITE, ns=namespace)
        assert [key_of(sent) for sent in api.client.asked()] == [
            ("APIKEY", "METADATA"),
            ("USER", "METADATA"),
            ("USER", "NS"),
            ("NS", "KEY"),
        ]


def key_of(sent: Sent) -> tuple[str, ...]:
    return tuple(part["S"].split("#")[0] for part in sent.parameters["Key"].values())
