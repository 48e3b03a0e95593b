"""What an issuer says of itself at /.well-known/openid-configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datastore.oidc.fetching import Fetcher, is_secure, unavailable

_WELL_KNOWN = "/.well-known/openid-configuration"

# Signatures that only the issuer can make. With HS256 its public key, or the client's secret, would do to forge one.
ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")


@dataclass(frozen=True)
class Metadata:
    """The part of it that we use; every address is https, or on loopback like the issuer."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    algorithms: tuple[str, ...]
    takes_basic: bool


async def discover(issuer: str, fetcher: Fetcher) -> Metadata:
    """Raises Unavailable where the issuer does not answer, or not as itself."""
    return read_metadata(await fetcher.get(issuer.rstrip("/") + _WELL_KNOWN), issuer=issuer)


def read_metadata(document: Mapping[str, Any], *, issuer: str) -> Metadata:
    """Raises Unavailable for a document that is another issuer's, or that could not be used safely."""
    if document.get("issuer") != issuer:
        raise unavailable("another_issuer", issuer=issuer)
    methods = document.get("code_challenge_methods_supported")
    if methods is not None and "S256" not in _texts(methods):
        raise unavailable("no_pkce", issuer=issuer)
    advertised = _texts(document.get("id_token_signing_alg_values_supported"))
    algorithms = tuple(each for each in ASYMMETRIC if each in advertised)
    if not algorithms:
        raise unavailable("no_asymmetric_algorithm", issuer=issuer)
    authentication = document.get("token_endpoint_auth_methods_supported")
    return Metadata(
        authorization_endpoint=_address(document, "authorization_endpoint", issuer),
        token_endpoint=_address(document, "token_endpoint", issuer),
        jwks_uri=_address(document, "jwks_uri", issuer),
        userinfo_endpoint=_address(document, "userinfo_endpoint", issuer) if "userinfo_endpoint" in document else None,
        algorithms=algorithms,
        takes_basic=authentication is None or "client_secret_basic" in _texts(authentication),
    )


def _address(document: Mapping[str, Any], name: str, issuer: str) -> str:
    address = document.get(name)
    if not isinstance(address, str) or not is_secure(address, loopback=issuer.startswith("http:")):
        raise unavailable("unusable_address", issuer=issuer, name=name)
    return address


def _texts(value: Any) -> frozenset[str]:
    return frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()
