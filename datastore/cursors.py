"""Page tokens: encrypted, and bound to the caller, the list and its arguments. The format never changes silently:
its first byte is a version, its second the number of the key that sealed it."""

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from datastore.errors import InvalidCursor

KEY_BYTES = 32
_VERSION = 1
_NONCE_BYTES = 12
_REFUSED = "This page token is not one of this list: pass a token as it was given, with the same arguments."


class CursorSeal:
    """Seals with the first of `keys` and opens with any, so that keys can be rotated."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = [(_fingerprint(key), AESGCM(key)) for key in keys]

    def seal(self, position: Mapping[str, Any], binding: bytes) -> str:
        """`binding`: see bind(); it must be the same when the token is opened."""
        fingerprint, cipher = self._ciphers[0]
        head = bytes((_VERSION, fingerprint))
        nonce = os.urandom(_NONCE_BYTES)
        sealed = cipher.encrypt(nonce, orjson.dumps(position), head + binding)
        return base64.urlsafe_b64encode(head + nonce + sealed).decode().rstrip("=")

    def open(self, token: str, binding: bytes) -> dict[str, Any]:
        """Raises InvalidCursor for anything but a token of ours for this binding, whatever is wrong with it."""
        raw = _decode(token)
        head, nonce, sealed = raw[:2], raw[2 : 2 + _NONCE_BYTES], raw[2 + _NONCE_BYTES :]
        for fingerprint, cipher in self._ciphers:  # one byte may stand for two keys
            if head == bytes((_VERSION, fingerprint)) and sealed:
                with suppress(InvalidTag):
                    position: dict[str, Any] = orjson.loads(cipher.decrypt(nonce, sealed, head + binding))
                    return position
        raise InvalidCursor(_REFUSED)


def bind(caller: str, field: str, arguments: Mapping[str, Any]) -> bytes:
    """What a token is good for: this caller, this field, these arguments (page size and position left out)."""
    text = orjson.dumps([caller, field, arguments], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).digest()


def _decode(token: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        raise InvalidCursor(_REFUSED) from None
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != token:  # base64 has several spellings; we accept one
        raise InvalidCursor(_REFUSED)
    return raw


def _fingerprint(key: bytes) -> int:
    return hashlib.sha256(b"kv cursor key" + key).digest()[0]
