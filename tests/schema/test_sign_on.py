"""Single sign-on from its beginning to its end (A10), at a real provider."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from datastore.access_patterns import AccessPattern
from datastore.client import BotoClient
from datastore.entities.sign_on import SIGN_ON_SECONDS, digest_state
from datastore.expressions import Update
from datastore.operations import GetItem, Item, UpdateItem
from resolvers.sign_on import challenge_of
from tests.api import Api, running_api
from tests.clock import Clock
from tests.oidc.issuer import CALLBACK, CLIENT, Issuer
from tests.schema.sign_on import agreed, asked, begin, finish, sign_on

pytestmark = pytest.mark.node

ME = "{ me { userId email } }"
VERIFIER = "a-verifier-that-only-this-front-end-knows-of"


@pytest.fixture
async def sso(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path, clock: Clock, issuer: Issuer
) -> AsyncIterator[Api]:
    """A stranger to an application that has an issuer."""
    async with running_api(client, table_names, tmp_path, clock=clock, **agreed(issuer)) as running:
        yield running.as_caller(None)


async def remembered(api: Api, url: str) -> Item | None:
    key = AccessPattern.GET_SIGN_ON.key(digest=digest_state(asked(url)["state"]))
    return await api.store.execute(GetItem(key, consistent=True))


async def tamper(api: Api, url: str, **attributes: Any) -> None:
    key = AccessPattern.GET_SIGN_ON.key(digest=digest_state(asked(url)["state"]))
    await api.store.execute(UpdateItem(key, Update(attributes)))


@pytest.mark.parametrize(
    "document", ["startOidcLogin(redirectUri: $a) { url }", "completeOidcLogin(state: $a, code: $a) { token }"]
)
async def test_without_an_issuer_the_answer_says_so(api: Api, document: str) -> None:
    answer = await api.as_caller(None)(f"mutation ($a: String!) {{ {document} }}", a="a")
    assert (answer.status, answer.error["errorType"]) == (200, "NoIssuer")
    assert "KV_OIDC_ISSUER" in answer.error["message"]


async def test_the_person_is_sent_to_the_issuer_with_a_proof_key_a_nonce_and_a_state(sso: Api, issuer: Issuer) -> None:
    url = await begin(sso)
    given = asked(url)
    item = await remembered(sso, url) or {}
    assert url.startswith(f"{issuer.url}/auth?")
    assert {name: given[name] for name in ("response_type", "client_id", "redirect_uri", "scope")} == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": CALLBACK,
        "scope": "openid email",
    }
    assert (given["code_challenge_method"], given["code_challenge"]) == ("S256", challenge_of(item["verifier"]))
    assert given["nonce"] == item["nonce"]
    assert len(given["state"]) == 43
    assert given["state"] not in str(item)
    assert item["verifier"] not in url


@pytest.mark.parametrize(
    "uri", [f"{CALLBACK}/", f"{CALLBACK}?x=1", "https://attacker.example", "javascript:alert(1)", ""]
)
async def test_only_exact_addresses_of_the_list_are_come_back_to(sso: Api, uri: str) -> None:
    answer = await sso("mutation ($u: String!) { startOidcLogin(redirectUri: $u) { url } }", u=uri)
    assert answer.error["errorType"] == "BadRequest"


async def test_the_first_sign_on_makes_an_account_and_the_next_finds_it(sso: Api, issuer: Issuer) -> None:
    first = await sign_on(sso, issuer, "alice")
    second = await sign_on(sso, issuer, "alice")
    assert (await first(ME)).data["me"] == {"userId": first.user_id, "email": "alice@example.com"}
    assert first.user_id == second.user_id
    namespace = await second.namespace()
    assert (await first.put(namespace, "k", 1)).data


async def test_of_two_callbacks_at_once_one_wins(sso: Api, issuer: Issuer) -> None:
    back = issuer.sign_on(await begin(sso), "alice")
    answers = await asyncio.gather(*(finish(sso, back) for _ in range(5)))
    won = [answer for answer in answers if "errors" not in answer.body]
    assert len(won) == 1
    lost = {answer.error["errorType"] for answer in answers if answer not in won}
    assert lost == {"SignInRefused"}


async def test_a_sign_on_is_finished_once(sso: Api, issuer: Issuer) -> None:
    url = await begin(sso)
    back = issuer.sign_on(url, "alice")
    assert (await finish(sso, back)).data
    assert (await finish(sso, back)).error["errorType"] == "SignInRefused"
    assert await remembered(sso, url) is None


async def test_first_sign_ons_of_one_subject_at_once_make_one_account(sso: Api, issuer: Issuer) -> None:
    backs = [issuer.sign_on(await begin(sso), "alice") for _ in range(4)]
    answers = await asyncio.gather(*(finish(sso, back) for back in backs))
    assert len({answer.data["completeOidcLogin"]["user"]["userId"] for answer in answers}) == 1


async def test_a_sign_on_is_over_after_ten_minutes_whether_or_not_its_item_has_gone(
    sso: Api, issuer: Issuer, clock: Clock
) -> None:
    back = issuer.sign_on(await begin(sso), "alice")
    clock.advance(SIGN_ON_SECONDS)
    assert (await finish(sso, back)).error["errorType"] == "SignInRefused"


@pytest.mark.parametrize("state", ["", "unknown", "#", "x" * 10_000])
async def test_a_state_that_there_is_not_is_refused(sso: Api, state: str) -> None:
    assert (await finish(sso, {"state": state, "code": "c"})).error["errorType"] == "SignInRefused"


async def test_an_answer_to_another_sign_on_is_refused(sso: Api, issuer: Issuer) -> None:
    """The code that an attacker got for himself, slipped under another's state."""
    mine, others = [issuer.sign_on(await begin(sso), name) for name in ("alice", "mallory")]
    answer = await finish(sso, {"state": mine["state"], "code": others["code"]})
    assert answer.error["errorType"] == "SignInRefused"


async def test_a_wrong_nonce_is_refused(sso: Api, issuer: Issuer) -> None:
    url = await begin(sso)
    back = issuer.sign_on(url, "alice")
    await tamper(sso, url, nonce="another")
    answer = await finish(sso, back)
    assert answer.error["errorType"] == "SignInRefused"
    assert "not the answer to this sign-on" in answer.error["message"]


async def test_a_front_end_may_bind_a_sign_on_to_itself(sso: Api, issuer: Issuer) -> None:
    """Neither a stolen answer nor one that an attacker has sent to it comes to anything, nor does a try use it up."""
    back = issuer.sign_on(await begin(sso, challenge=challenge_of(VERIFIER)), "alice")
    assert (await finish(sso, back)).error["errorType"] == "SignInRefused"
    assert (await finish(sso, back, "w" * 43)).error["errorType"] == "SignInRefused"
    assert (await finish(sso, back, VERIFIER)).data
    attackers = issuer.sign_on(await begin(sso), "mallory")
    assert (await finish(sso, attackers, VERIFIER)).error["errorType"] == "SignInRefused"


async def test_what_can_be_no_challenge_or_verifier_is_refused(sso: Api) -> None:
    refused = await sso(
        'mutation { startOidcLogin(redirectUri: "https://app.example/callback", challenge: "x") { url } }'
    )
    assert refused.error["errorType"] == "BadRequest"
    assert (await finish(sso, {"state": "s", "code": "c"}, "short")).error["errorType"] == "BadRequest"


async def test_neither_state_nor_code_nor_token_stands_in_the_tables(
    sso: Api, issuer: Issuer, dynamodb: Any, table_names: Mapping[str, str]
) -> None:
    back = issuer.sign_on(await begin(sso), "alice")
    token = (await finish(sso, back)).data["completeOidcLogin"]["token"]
    for name in table_names:
        text = str(dynamodb.scan(TableName=table_names[name])["Items"])
        assert [secret for secret in (back["state"], back["code"], token) if secret in text] == []


async def test_an_issuer_that_has_gone_leaves_the_sign_on_as_it_is(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path
) -> None:
    gone = Issuer("http://127.0.0.1:9", keys=None)  # type: ignore[arg-type]
    async with running_api(client, table_names, tmp_path, **agreed(gone)) as api:
        stranger = api.as_caller(None)
        answer = await stranger('mutation { startOidcLogin(redirectUri: "https://app.example/callback") { url } }')
        assert answer.error["errorType"] == "ServiceUnavailable"
        assert answer.error["extensions"]["retryable"]
        assert urlsplit(gone.url).netloc not in str(answer.body)
    gone.http.close()
