"""AWSURL: an absolute URL of any scheme."""

import re
from typing import NewType
from urllib.parse import urlsplit

from schema.scalars.text_scalar import text_scalar

AWSURL = NewType("AWSURL", str)

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NEVER_IN_A_URL = re.compile(r"[\s<>\"\\^`{|}]|%(?![0-9A-Fa-f]{2})")
_NEED_A_HOST = frozenset({"http", "https", "ws", "wss", "ftp"})


def check(text: str) -> None:
    if not _SCHEME.match(text):
        raise ValueError("it has no scheme; write https:// in front, for instance.")
    if (found := _NEVER_IN_A_URL.search(text)) or not text.isprintable():
        raise ValueError(f"{found[0]!r} has to be percent-encoded." if found else "it holds a control character.")
    url = urlsplit(text)
    if not (url.netloc or url.path):
        raise ValueError("nothing follows the scheme.")
    if url.scheme in _NEED_A_HOST and not url.hostname:
        raise ValueError("it has no host.")
    if url.port == 0:  # reading it raises ValueError where it is no port
        raise ValueError("there is no port 0.")
    if "//" in url.path:
        raise ValueError("its path holds //.")


AWS_URL = text_scalar(
    "AWSURL", description="A URL with a scheme: `https://example.com/a?b=c`, `mailto:a@example.com`.", check=check
)
