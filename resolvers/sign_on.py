"""A single sign-on as values: what is remembered of it, and the address that it begins at."""

import base64
import hashlib
import re
from typing import NoReturn
from urllib.parse import urlencode, urlsplit

from datastore.access_patterns import AccessPattern
from datastore.entities.sign_on import SIGN_ON_SECONDS, SignOnEntity, digest_state
from datastore.errors import BadRequest, SignInRefused
from datastore.oidc.values import SignOn
from resolvers.context import Context

SECRET_BYTES = 32
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def remember(
    ctx: Context, state: str, *, redirect_uri: str, challenge: str | None, user_id: str | None
) -> SignOnEntity:
    """The item for a sign-on that begins now, with secrets of its own for PKCE and the nonce."""
    optional = {"challenge": challenge, "userId": user_id}
    return SignOnEntity.from_item(
        AccessPattern.GET_SIGN_ON.key(digest=digest_state(state)).attributes()
        | {"entityType": "SIGN_ON", "redirectUri": redirect_uri, "verifier": secret(ctx), "nonce": secret(ctx)}
        | {"expiresAt": ctx.now_seconds + SIGN_ON_SECONDS, "createdAt": ctx.timestamp, "updatedAt": ctx.timestamp}
        | {name: value for name, value in optional.items() if value is not None}
    )


def address(sign_on: SignOn, state: str, remembered: SignOnEntity) -> str:
    """Where the front end sends the person (OpenID Connect Core, section 3.1.2.1)."""
    asked = {
        "response_type": "code",
        "client_id": sign_on.client_id,
        "redirect_uri": remembered.redirect_uri,
        "scope": sign_on.scope,
        "state": state,
        "nonce": remembered.nonce,
        "code_challenge": challenge_of(remembered.verifier),
        "code_challenge_method": "S256",
    }
    separator = "&" if urlsplit(sign_on.authorization_endpoint).query else "?"
    return f"{sign_on.authorization_endpoint}{separator}{urlencode(asked)}"


def secret(ctx: Context) -> str:
    return _base64url(ctx.random_bytes(SECRET_BYTES))


def challenge_of(verifier: str) -> str:
    """RFC 7636's S256."""
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def check_challenge(challenge: str | None) -> None:
    if challenge is not None and not _CHALLENGE.fullmatch(challenge):
        raise BadRequest("challenge is the base64url of a SHA-256, 43 characters, as PKCE's S256 makes it.")


def check_verifier(verifier: str | None) -> None:
    if verifier is not None and not _VERIFIER.fullmatch(verifier):
        raise BadRequest("verifier is what the challenge was made of: 43 to 128 of A-Z a-z 0-9 . _ ~ -")


def refuse() -> NoReturn:
    """The same for whichever reason: who does not hold all of it learns nothing."""
    raise SignInRefused("There is no such sign-on to finish: it is over, too old, or was begun by somebody else.")


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
