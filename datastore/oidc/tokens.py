"""JSON Web Tokens of the issuer: signature first, then every claim that it must have."""

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jws import JWSRegistry, extract_compact

from datastore.oidc.key_set import KeySet

CLOCK_SKEW_SECONDS = 30
LONGEST_TOKEN = 16 * 1024
LONGEST_SUBJECT = 255  # OpenID Connect Core, section 2


class InvalidToken(Exception):  # noqa: N818 - as in datastore.errors
    """Not to be trusted; what it says holds nothing of the token."""


@dataclass(frozen=True)
class Header:
    """The part that has to be believed before the signature is verified: which key, which algorithm, which kind."""

    algorithm: str
    kid: str | None
    kind: str


def read_header(token: str, algorithms: Collection[str]) -> Header:
    """Raises InvalidToken for another algorithm than the issuer's own: `none`, and HS256 with a public key, are."""
    if len(token) > LONGEST_TOKEN:
        refuse("it is too long")
    try:
        header = extract_compact(token.encode()).headers()
    except (JoseError, ValueError, RecursionError) as error:
        raise InvalidToken("it can't be read") from error
    algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        refuse("it is not signed with an algorithm of the issuer's")
    if "crit" in header or not isinstance(kid, str | None) or not isinstance(kind, str):
        refuse("its header can't be understood")
    return Header(algorithm, kid, kind.lower().removeprefix("application/"))


async def verify_signature(token: str, header: Header, keys: KeySet) -> Mapping[str, Any]:
    """The claims, if the issuer has signed them. Raises InvalidToken, or Unavailable where it can't be known."""
    key = await keys.find(kid=header.kid, algorithm=header.algorithm)
    if key is None:
        refuse("it is signed with a key that is not the issuer's")
    registry = JWSRegistry(algorithms=[header.algorithm], strict_check_header=False)
    try:
        with warnings.catch_warnings():  # EdDSA, which RFC 9864 renames, is what issuers still write
            warnings.simplefilter("ignore", SecurityWarning)
            return jwt.decode(token, key, registry=registry).claims
    except (JoseError, ValueError, RecursionError) as error:
        raise InvalidToken("its signature does not hold") from error


def check_claims(claims: Mapping[str, Any], *, issuer: str, audience: str, now: float) -> None:
    """Raises InvalidToken unless it was issued by this issuer, for us, and is valid now."""
    subject = claims.get("sub")
    if claims.get("iss") != issuer:
        refuse("it is another issuer's")
    if audience not in audiences(claims):
        refuse("it is for another audience")
    if not isinstance(subject, str) or not 1 <= len(subject) <= LONGEST_SUBJECT:
        refuse("it names no subject")
    if moment(claims, "exp") <= now - CLOCK_SKEW_SECONDS:
        refuse("it has expired")
    if "nbf" in claims and moment(claims, "nbf") > now + CLOCK_SKEW_SECONDS:
        refuse("it is not valid yet")
    if moment(claims, "iat") > now + CLOCK_SKEW_SECONDS:
        refuse("it was issued in the future")


def audiences(claims: Mapping[str, Any]) -> list[str]:
    named = claims.get("aud")
    return [named] if isinstance(named, str) else named if isinstance(named, list) else []


def moment(claims: Mapping[str, Any], name: str) -> float:
    """A NumericDate. Raises InvalidToken for anything else."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 2**53:
        refuse(f"its {name} is no moment")
    return value


def refuse(reason: str) -> NoReturn:
    raise InvalidToken(reason)
