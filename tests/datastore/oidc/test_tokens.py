"""Which tokens are the issuer's, and good now (A10)."""

from collections.abc import Mapping
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import KeySet as Published
from joserfc.jwk import RSAKey

from datastore.oidc.key_set import KeySet
from datastore.oidc.tokens import (
    CLOCK_SKEW_SECONDS,
    LONGEST_TOKEN,
    InvalidToken,
    check_claims,
    read_header,
    verify_signature,
)
from tests.datastore.oidc.forgery import ISSUER, KEYS, NOW, claims, confused, signed, unsigned
from tests.oidc.issuer import AUDIENCE, new_keys

RS256 = ("RS256",)


def published(*keys: RSAKey) -> KeySet:
    async def fetch() -> Mapping[str, Any]:
        return Published(list(keys)).as_dict(private=False)

    return KeySet(fetch, lambda: NOW)


async def verify(token: str, keys: KeySet | None = None) -> Mapping[str, Any]:
    return await verify_signature(token, read_header(token, RS256), keys or published(KEYS))


def check(**changes: Any) -> None:
    check_claims(claims(**changes), issuer=ISSUER, audience=AUDIENCE, now=NOW)


async def test_what_the_issuer_has_signed_holds() -> None:
    assert await verify(signed(claims())) == claims()


@pytest.mark.parametrize(
    "token",
    [
        unsigned(claims()),
        unsigned(claims(), algorithm="None"),
        unsigned(claims(), algorithm="none", signature="c2ln"),
        confused(claims()),
        signed(claims(), algorithm="RS512"),
        signed(claims(), algorithm="PS256"),
        signed(claims(), header={"b64": True, "crit": ["b64"]}),
        "a.b.c",
        "",
        "..",
        "é.é.é",
        signed(claims()).replace(".", "!", 1),
        signed({**claims(), "padding": "x" * LONGEST_TOKEN}),
    ],
)
async def test_a_header_that_is_not_the_issuers_is_refused_before_a_key_is_looked_for(token: str) -> None:
    with pytest.raises(InvalidToken):
        read_header(token, RS256)


async def test_another_key_of_the_same_name_is_refused() -> None:
    foreign = RSAKey.generate_key(2048, parameters={"kid": str(KEYS.kid)})
    with pytest.raises(InvalidToken, match="signature"):
        await verify(signed(claims(), keys=foreign))


async def test_a_key_that_the_issuer_does_not_publish_is_refused() -> None:
    with pytest.raises(InvalidToken, match="not the issuer's"):
        await verify(signed(claims(), keys=new_keys()))


async def test_a_key_that_the_token_points_to_is_not_looked_at() -> None:
    foreign = new_keys()
    brought = {"jku": "https://attacker.example/jwks", "x5u": "https://attacker.example/x", "kid": KEYS.kid}
    with pytest.raises(InvalidToken, match="signature"):
        await verify(signed(claims(), keys=foreign, header=brought))


@pytest.mark.parametrize("part", [0, 1, 2])
async def test_a_token_with_a_changed_part_is_refused(part: int) -> None:
    parts = signed(claims()).split(".")
    other = signed(claims(sub="bob"), header={"x": "y"}).split(".")
    parts[part] = other[part]
    with pytest.raises(InvalidToken):
        await verify(".".join(parts))


async def test_without_a_kid_the_only_key_is_meant_but_never_one_of_several() -> None:
    token = signed(claims(), header={"kid": None})
    assert await verify(token) == claims()
    with pytest.raises(InvalidToken):
        await verify(token, published(KEYS, new_keys()))


async def test_members_of_the_header_that_nobody_knows_do_no_harm() -> None:
    assert await verify(signed(claims(), header={"x5t#S256": "abc", "unheard": 1})) == claims()


@pytest.mark.parametrize("payload", [b"[]", b'"text"', b"{", b"\xff", b"[" * 10_000])
async def test_a_payload_that_is_no_object_is_refused(payload: bytes) -> None:
    with pytest.raises(InvalidToken):
        await verify(jws.serialize_compact({"alg": "RS256", "kid": KEYS.kid}, payload, KEYS))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://issuer.example/"},
        {"iss": None},
        {"iss": [ISSUER]},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": None},
        {"aud": {AUDIENCE: 1}},
        {"sub": None},
        {"sub": ""},
        {"sub": 5},
        {"sub": "x" * 256},
        {"exp": None},
        {"exp": str(NOW + 300)},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": 1e300},
        {"exp": NOW - CLOCK_SKEW_SECONDS},
        {"nbf": NOW + CLOCK_SKEW_SECONDS + 1},
        {"nbf": "soon"},
        {"nbf": None, "iat": None},
        {"iat": NOW + CLOCK_SKEW_SECONDS + 1},
    ],
    ids=str,
)
def test_claims_that_do_not_hold_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        check(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": ["another", AUDIENCE]},
        {"exp": NOW - CLOCK_SKEW_SECONDS + 1},
        {"nbf": NOW + CLOCK_SKEW_SECONDS},
        {"iat": NOW + CLOCK_SKEW_SECONDS},
        {"iat": NOW + 0.5, "exp": NOW + 0.5},
    ],
    ids=str,
)
def test_claims_that_hold_or_are_off_by_no_more_than_the_skew_pass(changes: dict[str, Any]) -> None:
    check(**changes)


def test_what_is_said_of_a_refused_token_holds_nothing_of_it() -> None:
    with pytest.raises(InvalidToken) as raised:
        check(iss="https://canary.example")
    assert "canary" not in str(raised.value)
