"""Which tokens are the issuer's, and good now (A10)."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jwk import KeySet as Published

from datastore.oidc.discovery import ASYMMETRIC
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


KINDS: Sequence[RSAKey | ECKey | OKPKey] = (
    RSAKey.generate_key(2048, auto_kid=True),
    *(ECKey.generate_key(curve, auto_kid=True) for curve in ("P-256", "P-384", "P-521", "secp256k1")),
    *(OKPKey.generate_key(curve, auto_kid=True) for curve in ("Ed25519", "Ed448", "X25519", "X448")),
)


def published(*keys: RSAKey | ECKey | OKPKey) -> KeySet:
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


@pytest.mark.parametrize("key", KINDS, ids=lambda key: f"{key.key_type}")
@pytest.mark.parametrize("algorithm", ASYMMETRIC)
async def test_no_signature_is_none_of_any_kind_of_key(key: RSAKey | ECKey | OKPKey, algorithm: str) -> None:
    """Whatever fits or does not, it is refused and nothing else: no failure of a library gets through."""
    for signature in ("", "AAAA", "!!", "eHh4" * 16, "eHh4" * 64):
        token = unsigned(claims(), algorithm=algorithm, signature=signature, kid=str(key.kid))
        with pytest.raises(InvalidToken):
            await verify_signature(token, read_header(token, ASYMMETRIC), published(key))


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(KINDS[0], "PS384"), (KINDS[1], "ES256"), (KINDS[3], "ES512"), (KINDS[5], "Ed25519"), (KINDS[5], "EdDSA")],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # when it is signed, not when it is verified
async def test_every_kind_of_asymmetric_signature_is_known(key: Any, algorithm: str) -> None:
    token = signed(claims(), keys=key, algorithm=algorithm)
    assert await verify_signature(token, read_header(token, (algorithm,)), published(key)) == claims()


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
