"""Tokens as an issuer signs them, and as somebody else would like to."""

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from tests.oidc.issuer import AUDIENCE, new_keys

ISSUER = "https://issuer.example"
NOW = 1_800_000_000
KEYS = new_keys()
CLAIMS = {"iss": ISSUER, "sub": "alice", "aud": AUDIENCE, "iat": NOW, "exp": NOW + 300}


def claims(**changes: Any) -> dict[str, Any]:
    """None takes a claim away."""
    return {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}


def signed(
    given: Mapping[str, Any], *, keys: RSAKey = KEYS, algorithm: str = "RS256", header: Mapping[str, Any] | None = None
) -> str:
    """None in the header takes a member away."""
    all_of_it = {"alg": algorithm, "kid": keys.kid, **(header or {})}
    return jwt.encode(
        {name: value for name, value in all_of_it.items() if value is not None},
        dict(given),
        keys,
        registry=JWSRegistry(algorithms=[algorithm], strict_check_header=False),
    )


def unsigned(
    given: Mapping[str, Any], *, algorithm: str = "none", signature: str = "", kid: str | None = KEYS.kid
) -> str:
    return f"{_part({'alg': algorithm, 'typ': 'JWT', 'kid': kid})}.{_part(given)}.{signature}"


def confused(given: Mapping[str, Any], keys: RSAKey = KEYS) -> str:
    """Signed with HMAC, with the public key for a secret: whoever can read the JWKS can do it."""
    text = f"{_part({'alg': 'HS256', 'kid': keys.kid})}.{_part(given)}"
    return f"{text}.{_text(hmac.digest(keys.as_pem(private=False), text.encode(), 'sha256'))}"


def _part(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
