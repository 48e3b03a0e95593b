"""The issuer's public keys (JWKS): kept, and asked for again when a token names one that is not among them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OctKey, OKPKey, RSAKey

from datastore.oidc.fetching import unavailable
from datastore.oidc.remembered import Remembered

PublicKey = RSAKey | ECKey | OKPKey

_SMALLEST_RSA_BITS = 2048

_KINDS: Mapping[str, type[PublicKey]] = {"RS": RSAKey, "PS": RSAKey, "ES": ECKey, "Ed": OKPKey}


class KeySet:
    """The keys as the issuer lists them now, or did within the hour."""

    def __init__(self, fetch: Callable[[], Awaitable[Mapping[str, Any]]], clock: Callable[[], float]) -> None:
        async def keys() -> tuple[PublicKey, ...]:
            return read_keys(await fetch())

        self._keys = Remembered(keys, clock)

    async def find(self, *, kid: str | None, algorithm: str) -> PublicKey | None:
        """The key that a token's header names; a new one makes us look again. Raises Unavailable."""
        found = _pick(await self._keys.get(), kid, algorithm)
        if found is None:
            await self._keys.renew()
            found = _pick(await self._keys.get(), kid, algorithm)
        return found


def read_keys(document: Mapping[str, Any]) -> tuple[PublicKey, ...]:
    """The keys that may verify signatures; others are passed over, and so are secrets that should not be there."""
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise unavailable("no_keys_listed")
    return tuple(key for key in map(_read_key, listed) if key is not None)


def _read_key(described: Any) -> PublicKey | None:
    if not isinstance(described, dict) or described.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(described)
    except (JoseError, ValueError, TypeError, KeyError):  # a kind of key that this version does not know
        return None
    if isinstance(key, OctKey) or (isinstance(key, RSAKey) and key.public_key.key_size < _SMALLEST_RSA_BITS):
        return None
    return key


def _pick(keys: Iterable[PublicKey], kid: str | None, algorithm: str) -> PublicKey | None:
    """A token without a kid must leave no choice."""
    kind = _KINDS[algorithm[:2]]
    fitting = [
        key
        for key in keys
        if isinstance(key, kind) and key.alg in (None, algorithm) and (kid is None or key.kid == kid)
    ]
    return fitting[0] if len(fitting) == 1 else None
