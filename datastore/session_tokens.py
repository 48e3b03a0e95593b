"""The form of a session token: kv_session_, the user's id, a dot, base62 of 32 random bytes, a checksum.

It never changes. The user's id opens nothing; with it, authentication is one consistent read of one item.
"""

import hashlib
import re

from datastore.base62 import CHECK_DIGITS, base62, checksum
from datastore.key_templates import PARTS

PREFIX = "kv_session_"
SECRET_BYTES = 32
_SECRET_DIGITS = 43
_FORM = re.compile(
    rf"{PREFIX}({PARTS['user_id'].pattern})\.[0-9A-Za-z]{{{_SECRET_DIGITS}}}([0-9A-Za-z]{{{CHECK_DIGITS}}})"
)


def make_session_token(user_id: str, secret: bytes) -> str:
    text = f"{PREFIX}{user_id}.{base62(int.from_bytes(secret), _SECRET_DIGITS)}"
    return text + checksum(text)


def user_of_session_token(text: str) -> str | None:
    """Whose it says it is, if it can be a token of ours at all: form and checksum, no read."""
    match = _FORM.fullmatch(text)
    return match[1] if match and checksum(text[:-CHECK_DIGITS]) == match[2] else None


def digest_session_token(text: str) -> str:
    """The SHA-256 under which a session is stored, and which names it; a fast hash is right for 256 random bits."""
    return hashlib.sha256(text.encode()).hexdigest()
