"""Which account a sign-on opens: nobody takes over another's (A10)."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from datastore.access_patterns import AccessPattern
from datastore.client import BotoClient
from datastore.entities.config import ConfigEntity
from datastore.entities.subject import digest_subject
from datastore.expressions import Update
from datastore.operations import GetItem, PutItem, Query, UpdateItem
from resolvers.audit import AuditAction
from tests.api import Api, running_api
from tests.oidc.issuer import Issuer
from tests.schema.sign_on import agreed, begin, finish, sign_on

pytestmark = pytest.mark.node

ME = "{ me { userId email } }"
EMAIL = "alice@example.com"


@pytest.fixture
async def sso(client: BotoClient, table_names: Mapping[str, str], tmp_path: Path, issuer: Issuer) -> AsyncIterator[Api]:
    async with running_api(client, table_names, tmp_path, identity_cache_seconds=0, **agreed(issuer)) as running:
        yield running.as_caller(None)


@pytest.fixture
async def lenient(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path, issuer: Issuer
) -> AsyncIterator[Api]:
    """An operator vouches for the addresses of all accounts."""
    settings = {**agreed(issuer), "oidc_link_verified_emails": True}
    async with running_api(client, table_names, tmp_path, **settings) as running:
        yield running.as_caller(None)


async def partition(api: Api, user_id: str) -> list[str]:
    page = await api.store.execute(Query(AccessPattern.LIST_ACCOUNT.range(user_id=user_id), 100, consistent=True))
    return [item["entityType"] for item in page.items]


async def test_a_new_account_has_what_one_by_sign_up_has_and_an_event_of_each_step(sso: Api, issuer: Issuer) -> None:
    alice = await sign_on(sso, issuer, "alice")
    page = await sso.store.execute(Query(AccessPattern.LIST_ACCOUNT.range(user_id=alice.user_id or ""), 100))
    actions = {item["action"] for item in page.items if item["entityType"] == "AUDIT"}
    assert actions == {AuditAction.ACCOUNT_CREATED, AuditAction.SIGN_ON_LINKED, AuditAction.SESSION_STARTED}
    assert await sso.store.execute(GetItem(AccessPattern.GET_ASSIGNMENT.key(user_id=alice.user_id or "")))
    signing_up = 'mutation { signUp(input: {email: "Alice@Example.com", password: "correct horse"}) { apiKey } }'
    assert (await sso(signing_up)).error["errorType"] == "AlreadyExists"


async def test_an_account_with_the_same_email_is_not_taken_over(sso: Api, issuer: Issuer) -> None:
    """Nobody has verified the address that it signed up with: either of the two may be the impostor."""
    alice = await sso.sign_up(EMAIL)
    back = issuer.sign_on(await begin(sso), "alice")
    answer = await finish(sso, back)
    assert answer.error["errorType"] == "AlreadyExists"
    assert "link: true" in answer.error["message"]
    assert await partition(sso, alice.user_id or "") == ["USER", "AUDIT"]


async def test_a_caller_may_connect_his_account_and_hears_of_it(sso: Api, issuer: Issuer) -> None:
    alice = await sso.sign_up(EMAIL)
    back = issuer.sign_on(await begin(alice, link=True), "alice")
    assert (await finish(alice, back)).data["completeOidcLogin"]["user"]["userId"] == alice.user_id
    assert (await sign_on(sso, issuer, "alice")).user_id == alice.user_id
    assert {"LINK", "MESSAGE"} <= set(await partition(sso, alice.user_id or ""))


async def test_nobody_else_finishes_what_connects_an_account(sso: Api, issuer: Issuer) -> None:
    """Else an attacker has the victim's sign-on opened by a link of his, or the other way round."""
    alice, mallory = await sso.sign_up(), await sso.sign_up()
    back = issuer.sign_on(await begin(alice, link=True), "alice")
    for caller in (sso, mallory):
        assert (await finish(caller, back)).error["errorType"] == "SignInRefused"
    assert (await finish(alice, back)).data


async def test_a_stranger_has_no_account_to_connect(sso: Api) -> None:
    answer = await sso('mutation { startOidcLogin(redirectUri: "https://app.example/callback", link: true) { url } }')
    assert answer.error["errorType"] == "UnauthorizedException"


async def test_a_key_that_may_not_make_keys_connects_nothing(sso: Api) -> None:
    alice = await sso.sign_up()
    made = await alice('mutation { createApiKey(input: {name: "n", scopes: ["read", "write"]}) { secret } }')
    weak = alice.as_caller(made.data["createApiKey"]["secret"])
    answer = await weak('mutation { startOidcLogin(redirectUri: "https://app.example/callback", link: true) { url } }')
    assert answer.error["errorType"] == "Unauthorized"


async def test_a_subject_opens_one_account(sso: Api, issuer: Issuer) -> None:
    await sign_on(sso, issuer, "alice")
    other = await sso.sign_up()
    back = issuer.sign_on(await begin(other, link=True), "alice")
    assert (await finish(other, back)).error["errorType"] == "AlreadyExists"


async def test_an_unverified_email_makes_an_account_without_one(sso: Api, issuer: Issuer) -> None:
    alice = await sso.sign_up(EMAIL)
    other = await sign_on(sso, issuer, "unverified-alice")
    assert (await other(ME)).data["me"] == {"userId": other.user_id, "email": None}
    assert other.user_id != alice.user_id


async def test_where_the_operator_vouches_for_addresses_a_verified_one_finds_its_account(
    lenient: Api, issuer: Issuer
) -> None:
    alice = await lenient.sign_up(EMAIL)
    assert (await sign_on(lenient, issuer, "alice")).user_id == alice.user_id
    assert {"LINK", "MESSAGE"} <= set(await partition(lenient, alice.user_id or ""))


async def test_even_there_an_unverified_one_finds_none(lenient: Api, issuer: Issuer) -> None:
    alice = await lenient.sign_up(EMAIL)
    assert (await sign_on(lenient, issuer, "unverified-alice")).user_id != alice.user_id


@pytest.mark.parametrize("status", ["SUSPENDED", "DELETING"])
async def test_an_account_that_may_not_be_used_is_not_opened(sso: Api, issuer: Issuer, status: str) -> None:
    alice = await sign_on(sso, issuer, "alice")
    key = AccessPattern.GET_USER.key(user_id=alice.user_id or "")
    await sso.store.execute(UpdateItem(key, Update({"status": status})))
    answer = await finish(sso, issuer.sign_on(await begin(sso), "alice"))
    assert answer.error["message"] == f"This account is {status.lower()}."


async def test_while_nobody_may_sign_up_only_known_subjects_are_let_in(sso: Api, issuer: Issuer) -> None:
    alice = await sign_on(sso, issuer, "alice")
    stamp = "2026-01-01T00:00:00.000Z"
    config = AccessPattern.GET_CONFIG.key().attributes() | {"entityType": "CONFIG", "signUpOpen": False}
    entity = ConfigEntity.from_item(config | {"createdAt": stamp, "updatedAt": stamp})
    await sso.store.execute(PutItem(entity.to_item()))
    assert (await sign_on(sso, issuer, "alice")).user_id == alice.user_id
    answer = await finish(sso, issuer.sign_on(await begin(sso), "bob"))
    assert answer.error["errorType"] == "SignUpClosed"
    key = AccessPattern.GET_SUBJECT.key(digest=digest_subject(issuer.url, "bob"))
    assert await sso.store.execute(GetItem(key, consistent=True)) is None
