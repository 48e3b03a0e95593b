"""Access tokens of the issuer in Authorization (A10)."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from datastore.access_patterns import AccessPattern
from datastore.client import BotoClient
from datastore.expressions import Update
from datastore.operations import UpdateItem
from tests.api import Api, running_api
from tests.datastore.oidc.forgery import confused, signed, unsigned
from tests.oidc.issuer import AUDIENCE, Issuer, new_keys
from tests.schema.sign_on import agreed, sign_on

pytestmark = pytest.mark.node

ME = "{ me { userId } }"


@pytest.fixture
async def sso(client: BotoClient, table_names: Mapping[str, str], tmp_path: Path, issuer: Issuer) -> AsyncIterator[Api]:
    async with running_api(client, table_names, tmp_path, **agreed(issuer)) as running:
        yield running.as_caller(None)


@pytest.fixture(scope="module")
def token(issuer: Issuer) -> str:
    return issuer.access_token("alice")


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
async def test_somebody_who_has_signed_on_is_known_by_it(sso: Api, issuer: Issuer, token: str, prefix: str) -> None:
    alice = await sign_on(sso, issuer, "alice")
    caller = replace(sso, headers={"authorization": prefix + token})
    assert (await caller(ME)).data["me"]["userId"] == alice.user_id
    assert (await caller.put(await caller.namespace(), "k", 1)).data


async def test_it_makes_no_account_by_itself(sso: Api, token: str) -> None:
    assert (await sso.with_token(token)(ME)).status == 401


async def test_it_may_not_do_what_takes_the_scope_admin(sso: Api, issuer: Issuer, token: str) -> None:
    """Any client of the issuer's may have got it; it must not become a key that lasts."""
    await sign_on(sso, issuer, "alice")
    caller = sso.with_token(token)
    for document in (
        'mutation { createApiKey(input: {name: "n"}) { secret } }',
        "mutation { deleteMe }",
        'mutation { startOidcLogin(redirectUri: "https://app.example/callback", link: true) { url } }',
    ):
        assert (await caller(document)).error["errorType"] == "Unauthorized"


async def test_a_suspended_account_is_not_opened_by_it(sso: Api, issuer: Issuer, token: str) -> None:
    alice = await sign_on(sso, issuer, "alice")
    key = AccessPattern.GET_USER.key(user_id=alice.user_id or "")
    await sso.store.execute(UpdateItem(key, Update({"status": "SUSPENDED"})))
    answer = await sso.with_token(token)(ME)
    assert (answer.status, answer.error["message"]) == (401, "This account is suspended.")


async def test_forged_tokens_are_answered_like_none(sso: Api, issuer: Issuer) -> None:
    await sign_on(sso, issuer, "alice")
    now = int(time.time())
    good = {"iss": issuer.url, "sub": "alice", "aud": AUDIENCE, "iat": now, "exp": now + 60}
    assert (await sso.with_token(signed(good, keys=issuer.keys))(ME)).data
    none = await sso(ME)
    for forged in (
        unsigned(good),
        confused(good, issuer.keys),
        signed(good, keys=new_keys()),
        signed({**good, "aud": "kv-graphql"}, keys=issuer.keys),
        signed({**good, "exp": now - 60}, keys=issuer.keys),
        signed({**good, "nbf": now + 120}, keys=issuer.keys),
        "a.b.c",
    ):
        answer = await sso.with_token(forged)(ME)
        assert (answer.status, answer.error) == (401, none.error)


async def test_without_an_issuer_it_is_no_credential(api: Api, token: str) -> None:
    assert (await api.with_token(token)(ME)).status == 401
