"""Which of an issuer's keys are used."""

from collections.abc import Mapping
from typing import Any

import pytest
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from datastore.errors import Unavailable
from datastore.oidc.key_set import KeySet, read_keys
from datastore.oidc.remembered import ASK_AGAIN_SECONDS
from tests.clock import Clock
from tests.oidc.issuer import new_keys


def document(*keys: Key, **members: Any) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False, **members) for key in keys]}


def key_set(listed: Mapping[str, Any]) -> KeySet:
    async def fetch() -> Mapping[str, Any]:
        return listed

    return KeySet(fetch, lambda: 0.0)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (RSAKey.generate_key(2048, auto_kid=True), "RS256"),
        (RSAKey.generate_key(2048, auto_kid=True), "PS512"),
        (ECKey.generate_key("P-256", auto_kid=True), "ES256"),
        (OKPKey.generate_key("Ed25519", auto_kid=True), "EdDSA"),
        (OKPKey.generate_key("Ed25519", auto_kid=True), "Ed25519"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_key_is_found_by_its_name_and_kind(key: RSAKey, algorithm: str) -> None:
    keys = key_set(document(key, new_keys(), ECKey.generate_key("P-256", auto_kid=True)))
    found = await keys.find(kid=key.kid, algorithm=algorithm)
    assert found is not None
    assert found.thumbprint() == key.thumbprint()
    other = "ES256" if key.key_type != "EC" else "RS256"
    assert await keys.find(kid=key.kid, algorithm=other) is None


async def test_a_key_for_another_algorithm_is_not_used() -> None:
    key = new_keys()
    keys = key_set(document(key, alg="PS256"))
    assert await keys.find(kid=key.kid, algorithm="RS256") is None
    assert await keys.find(kid=key.kid, algorithm="PS256") is not None


async def test_a_name_that_two_keys_bear_is_nobodys() -> None:
    twins = [RSAKey.generate_key(2048, parameters={"kid": "one"}) for _ in range(2)]
    assert await key_set(document(*twins)).find(kid="one", algorithm="RS256") is None


@pytest.mark.parametrize(
    "listed",
    [
        OctKey.generate_key(256).as_dict(private=True),
        new_keys().as_dict(private=False, use="enc"),
        {"kty": "AKP", "pub": "x"},
        {"kty": "RSA"},
        {"kty": "RSA", "n": "!", "e": 5},
        {"kty": ["RSA"]},
        {},
        "key",
        None,
    ],
    ids=[
        "symmetric",
        "for encryption",
        "of an unknown kind",
        "RSA without numbers",
        "no numbers",
        "two kinds",
        "empty",
        "text",
        "null",
    ],
)
def test_what_can_verify_no_signature_is_passed_over(listed: Any) -> None:
    good = new_keys().as_dict(private=False)
    assert len(read_keys({"keys": [listed, good]})) == 1


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_key_that_is_too_short_is_passed_over() -> None:
    assert read_keys(document(RSAKey.generate_key(1024))) == ()


@pytest.mark.parametrize("answer", [{}, {"keys": None}, {"keys": {}}], ids=str)
def test_a_document_without_a_list_of_keys_is_a_failure_of_the_issuers(answer: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        read_keys(answer)


async def test_a_new_key_is_found_at_once_and_unknown_names_ask_no_more_than_once_in_a_while() -> None:
    """Rotation, and somebody who sends tokens that name keys at random."""
    clock, old, new = Clock(), new_keys(), new_keys()
    asked, listed = [0], [document(old)]

    async def fetch() -> Mapping[str, Any]:
        asked[0] += 1
        return listed[0]

    keys = KeySet(fetch, lambda: clock.seconds)
    assert await keys.find(kid=old.kid, algorithm="RS256")
    listed[0] = document(new)
    clock.advance(ASK_AGAIN_SECONDS)
    assert await keys.find(kid=new.kid, algorithm="RS256")
    assert asked == [2]
    assert await keys.find(kid=old.kid, algorithm="RS256") is None
    for number in range(100):
        assert await keys.find(kid=f"random-{number}", algorithm="RS256") is None
    assert asked == [2]
    clock.advance(ASK_AGAIN_SECONDS)
    assert await keys.find(kid="random", algorithm="RS256") is None
    assert asked == [3]
