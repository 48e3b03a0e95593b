"""The form of an API key: kv_live_, base62 of 24 random bytes, base62 of their text's CRC32. It never changes.

The checksum lets a mistyped key be refused without a read, and lets scanners find leaked ones
(https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/).
"""

import hashlib
import re

from datastore.base62 import CHECK_DIGITS, base62, checksum

PREFIX = "kv_live_"
SECRET_BYTES = 24
_SECRET_DIGITS = 33
_FORM = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_SECRET_DIGITS}}})([0-9A-Za-z]{{{CHECK_DIGITS}}})")
SHOWN_CHARACTERS = 14


def make_api_key(secret: bytes) -> str:
    """47 characters from 24 random bytes."""
    text = PREFIX + base62(int.from_bytes(secret), _SECRET_DIGITS)
    return text + checksum(text)


def is_api_key(text: str) -> bool:
    """Whether this can be a key of ours at all: form and checksum, no read."""
    match = _FORM.fullmatch(text)
    return match is not None and checksum(text[:-CHECK_DIGITS]) == match[2]


def digest_api_key(text: str) -> str:
    """The SHA-256 under which a key is stored; a fast hash is right for 192 random bits."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def shown_prefix(text: str) -> str:
    """Enough to recognise a key by, too little to use it."""
    return text[:SHOWN_CHARACTERS]
