"""Key templates, written as stored, and what may stand in their places."""

import re
from functools import cache

from datastore.errors import BadRequest, LimitExceeded
from datastore.surrogates import refuse_surrogates

MAX_KEY_BYTES = 1000

# No part may hold the separator '#', except a last one: else acme + "x#NS#y" and "acme#NS#x" + y would be one key.
PARTS = {
    "user_id": re.compile(r"[A-Za-z0-9_-]{1,64}"),
    "namespace": re.compile(r"[a-z0-9][a-z0-9._-]{1,62}"),
    "digest": re.compile(r"[0-9a-f]{64}"),
    "domain": re.compile(r"[^#\s\ud800-\udfff]{1,255}"),
    "month": re.compile(r"[0-9]{4}-[0-9]{2}"),
    "created_at": re.compile(r"[0-9T:.Z+-]{10,40}"),
    "status": re.compile(r"[A-Z]{1,32}"),
    "ulid": re.compile(r"[0-9A-HJKMNP-TV-Z]{26}"),
    "role": re.compile(r"[a-z][a-z0-9-]{0,31}"),
    "tier": re.compile(r"[a-z]{1,32}"),
    "shard": re.compile(r"[0-9a-f]{1,32}"),
    "email": re.compile(r"[^\s\ud800-\udfff]{3,320}"),  # always last
    "key": re.compile(r".*", re.DOTALL),  # always last; its length is checked apart
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def fill(template: str, parts: dict[str, str]) -> str:
    """The template with its placeholders filled in, each part held against its alphabet."""
    text, placeholders = split_template(template)
    for name, behind in placeholders:
        text += _checked(name, parts[name]) + behind
    return text


@cache
def split_template(template: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What stands before the first placeholder, and each placeholder's name with what stands behind it."""
    first, *rest = _PLACEHOLDER.split(template)
    return first, tuple(zip(rest[::2], rest[1::2], strict=True))


def _checked(name: str, text: str) -> str:
    if name == "key":
        check_key(text)
    elif not PARTS[name].fullmatch(text):
        raise BadRequest(
            f"{_spoken(name)} {text[:80]!r} is not valid: it must match {PARTS[name].pattern},"
            f" and has {len(text)} characters."
        )
    return text


def check_key(key: str) -> None:
    """Refuse what can't be a key of a namespace: any text of 1 to 1,000 bytes of UTF-8 can."""
    if key.isascii() and 1 <= len(key) <= MAX_KEY_BYTES:
        return
    refuse_surrogates("key", key)
    size = len(key.encode())
    if not 1 <= size <= MAX_KEY_BYTES:
        raise LimitExceeded(f"A key must have 1 to {MAX_KEY_BYTES} bytes of UTF-8; this one has {size}.")


def check_prefix(prefix: str) -> None:
    refuse_surrogates("prefix", prefix)
    if (size := len(prefix.encode())) > MAX_KEY_BYTES:
        raise LimitExceeded(f"A prefix may have at most {MAX_KEY_BYTES} bytes of UTF-8; this one has {size}.")


def last_part(template: str, text: str) -> str:
    """The text that stands for the template's only placeholder: the way back from a stored key."""
    return text.removeprefix(split_template(template)[0])


def key_pattern(template: str) -> str:
    """A regular expression for the stored text of a template, anchored at both ends."""
    filled = _PLACEHOLDER.sub(lambda match: f"(?:{PARTS[match[1]].pattern})", template)
    return rf"(?s)^{filled}\Z"  # $ would let a newline follow


def _spoken(name: str) -> str:
    return name.replace("_", " ")
