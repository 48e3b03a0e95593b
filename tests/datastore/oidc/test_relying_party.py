"""This service and a real provider (A10): what comes to an end, and what is refused."""

import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt

from datastore.errors import SignInRefused, Unavailable
from datastore.oidc.agreement import Agreement
from datastore.oidc.relying_party import RelyingParty
from datastore.oidc.remembered import ASK_AGAIN_SECONDS
from datastore.oidc.tokens import CLOCK_SKEW_SECONDS
from datastore.oidc.values import AccessToken, Subject
from tests.clock import Clock
from tests.datastore.oidc.forgery import confused, signed, unsigned
from tests.oidc.issuer import (
    AUDIENCE,
    CALLBACK,
    CLIENT,
    OTHER_CLIENT,
    SECRET,
    Issuer,
    challenge,
    new_keys,
    running_issuer,
)

pytestmark = pytest.mark.node

VERIFIER, NONCE = "v" * 43, "a nonce"
Make = Callable[..., RelyingParty]


@pytest.fixture
async def make(issuer: Issuer) -> AsyncIterator[Make]:
    made: list[RelyingParty] = []

    def make(clock: Callable[[], float] = time.time, **changes: Any) -> RelyingParty:
        agreed = {"issuer": issuer.url, "client_id": CLIENT, "client_secret": SECRET, "audience": AUDIENCE}
        made.append(RelyingParty(Agreement(**{**agreed, "redirect_uris": (CALLBACK,), **changes}), clock))
        return made[-1]

    yield make
    for each in made:
        await each.close()


@pytest.fixture
def party(make: Make) -> RelyingParty:
    return make()


async def code(issuer: Issuer, party: RelyingParty, name: str = "alice", **changes: str) -> str:
    begun = await party.begin()
    asked = {
        "client_id": begun.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": begun.scope,
        "state": "s",
        "nonce": NONCE,
        **challenge(VERIFIER),
        **changes,
    }
    return issuer.sign_on(f"{begun.authorization_endpoint}?{urlencode(asked)}", name)["code"]


async def exchange(party: RelyingParty, given: str, **changes: str) -> Subject:
    return await party.exchange(given, **{"redirect_uri": CALLBACK, "verifier": VERIFIER, "nonce": NONCE, **changes})


async def test_a_code_becomes_a_subject_with_a_verified_email(issuer: Issuer, party: RelyingParty) -> None:
    given = await code(issuer, party)
    assert await exchange(party, given) == Subject(issuer.url, "alice", "alice@example.com")


async def test_a_client_without_a_secret_has_its_proof_key_alone(issuer: Issuer, make: Make) -> None:
    party = make(client_id=OTHER_CLIENT, client_secret=None)
    assert (await exchange(party, await code(issuer, party))).subject == "alice"


async def test_an_email_that_the_issuer_has_not_verified_is_not_taken_over(issuer: Issuer, party: RelyingParty) -> None:
    given = await code(issuer, party, "unverified-alice")
    assert await exchange(party, given) == Subject(issuer.url, "unverified-alice", None)


async def test_an_email_is_looked_for_at_the_userinfo_endpoint_too() -> None:
    with running_issuer(email_in_id_token=False) as issuer:
        party = RelyingParty(Agreement(issuer.url, CLIENT, SECRET, redirect_uris=(CALLBACK,)), time.time)
        given = await code(issuer, party)
        assert await exchange(party, given) == Subject(issuer.url, "alice", "alice@example.com")
        await party.close()


@pytest.mark.parametrize(
    "changes",
    [{"verifier": "w" * 43}, {"redirect_uri": f"{CALLBACK}/other"}, {"nonce": "another"}, {"nonce": ""}],
    ids=str,
)
async def test_a_code_of_another_sign_on_is_refused(
    issuer: Issuer, party: RelyingParty, changes: dict[str, str]
) -> None:
    given = await code(issuer, party)
    with pytest.raises(SignInRefused):
        await exchange(party, given, **changes)


async def test_a_code_is_good_once(issuer: Issuer, party: RelyingParty) -> None:
    given = await code(issuer, party)
    await exchange(party, given)
    with pytest.raises(SignInRefused, match="used up"):
        await exchange(party, given)


async def test_a_code_of_another_client_is_refused(issuer: Issuer, party: RelyingParty) -> None:
    given = await code(issuer, party, client_id=OTHER_CLIENT)
    with pytest.raises(SignInRefused):
        await exchange(party, given)


async def test_a_wrong_secret_is_the_operators_fault_and_not_the_callers(issuer: Issuer, make: Make) -> None:
    party = make(client_secret="wrong")
    with pytest.raises(Unavailable):
        await exchange(party, await code(issuer, party))


@pytest.mark.parametrize("hours", [-3, 3])
async def test_an_id_token_of_another_time_is_refused(issuer: Issuer, make: Make, hours: int) -> None:
    party = make(lambda: time.time() + hours * 3600)
    with pytest.raises(SignInRefused, match="can't be trusted"):
        await exchange(party, await code(issuer, party))


async def test_an_access_token_for_this_service_tells_whose_it_is(issuer: Issuer, party: RelyingParty) -> None:
    found = await party.verify_access_token(issuer.access_token("alice"))
    assert isinstance(found, AccessToken)
    assert (found.issuer, found.subject) == (issuer.url, "alice")


async def test_an_access_token_for_another_service_is_refused(issuer: Issuer, party: RelyingParty) -> None:
    token = issuer.access_token("alice", audience="https://other.example")
    assert await party.verify_access_token(token) is None


async def test_no_access_token_is_accepted_without_an_audience(issuer: Issuer, make: Make) -> None:
    assert await make(audience=None).verify_access_token(issuer.access_token("alice")) is None


async def test_an_access_token_of_another_issuer_is_refused(party: RelyingParty, issuer: Issuer) -> None:
    with running_issuer() as foreign:
        assert await party.verify_access_token(foreign.access_token("alice")) is None


async def test_an_access_token_is_good_until_it_has_expired_but_for_the_skew(issuer: Issuer, make: Make) -> None:
    token, clock = issuer.access_token("alice"), Clock()
    party = make(lambda: clock.now.timestamp())
    found = await party.verify_access_token(token)
    assert found is not None
    clock.advance(found.expires_at + CLOCK_SKEW_SECONDS - 1 - clock.now.timestamp())
    assert await party.verify_access_token(token) is not None
    clock.advance(1)
    assert await party.verify_access_token(token) is None


async def test_forged_access_tokens_are_refused(issuer: Issuer, party: RelyingParty) -> None:
    now = int(time.time())
    good = {"iss": issuer.url, "sub": "alice", "aud": AUDIENCE, "iat": now, "exp": now + 60}
    at = {"typ": "at+jwt"}
    assert await party.verify_access_token(signed(good, keys=issuer.keys, header=at)) is not None
    forged = [
        unsigned(good),
        confused(good, issuer.keys),
        signed(good, keys=new_keys(), header=at),
        signed(good, keys=new_keys(), header={"kid": issuer.keys.kid, **at}),
        signed(good, keys=issuer.keys, header={"typ": "logout+jwt"}),
        signed(good, keys=issuer.keys, header={"typ": "dpop+jwt"}),
        signed({**good, "aud": CLIENT}, keys=issuer.keys),
        signed({**good, "cnf": {"jkt": "x"}}, keys=issuer.keys, header=at),
        signed({**good, "iss": "https://attacker.example"}, keys=issuer.keys, header=at),
    ]
    assert [await party.verify_access_token(token) for token in forged] == [None] * len(forged)


async def test_keys_may_be_rotated_while_the_server_runs() -> None:
    clock, old, new = Clock(), new_keys(), new_keys()
    with running_issuer(keys=old) as first:
        agreement = Agreement(first.url, CLIENT, SECRET, AUDIENCE, (CALLBACK,))
        party = RelyingParty(agreement, lambda: clock.now.timestamp())
        before = first.access_token("alice")
        assert await party.verify_access_token(before)
        port = first.port
    clock.advance(ASK_AGAIN_SECONDS)
    with running_issuer(keys=new, port=port) as second:
        after = second.access_token("alice")
        assert jwt.decode(after, new).claims["sub"] == "alice"
        assert await party.verify_access_token(after)
        assert await party.verify_access_token(before) is None
    await party.close()


async def test_without_the_issuer_nothing_is_known(make: Make) -> None:
    with running_issuer() as gone:
        pass
    party = make(issuer=gone.url)
    with pytest.raises(Unavailable):
        await party.begin()
    with pytest.raises(Unavailable):
        await party.verify_access_token(signed({}))
