"""The form of an API key: kv_live_, base62 of 24 random bytes, base62 of their text's CRC32. It never changes.

The checksum lets a mistyped key be refused without a read, and lets scanners find leaked ones
(https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/).
"""

import hashlib
import re
import zlib

PREFIX = "kv_live_"
SECRET_BYTES = 24
_SECRET_DIGITS, _CHECK_DIGITS = 33, 6
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FORM = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_SECRET_DIGITS}}})([0-9A-Za-z]{{{_CHECK_DIGITS}}})")
SHOWN_CHARACTERS = 14


def make_api_key(secret: bytes) -> str:
    """47 characters from 24 random bytes."""
    text = PREFIX + _base62(int.from_bytes(secret), _SECRET_DIGITS)
    return text + _checksum(text)


def is_api_key(text: str) -> bool:
    """Whether this can be a key of ours at all: form and checksum, no read."""
    match = _FORM.fullmatch(text)
    return match is not None and _checksum(text[:-_CHECK_DIGITS]) == match[2]


def digest_api_key(text: str) -> str:
    """The SHA-256 under which a key is stored; a fast hash is right for 192 random bits."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def shown_prefix(text: str) -> str:
    """Enough to recognise a key by, too little to use it."""
    return text[:SHOWN_CHARACTERS]


def _checksum(text: str) -> str:
    return _base62(zlib.crc32(text.encode()), _CHECK_DIGITS)


def _base62(number: int, digits: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 62)
        text = _ALPHABET[digit] + text
    return text.rjust(digits, "0")
