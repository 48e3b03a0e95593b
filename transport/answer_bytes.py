"""An answer as the bytes that go out, in the order in which uvicorn and the layers would write them."""

from functools import lru_cache
from typing import Final

from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE

from transport.answers import Answer
from transport.head_plans import HeadPlan

_NAMES: Final = 100  # more than the program's code has
_CLOSE: Final = b"connection: close\r\n"


def answer_bytes(answered: Answer, plan: HeadPlan, request_id: str, *, defaults: bytes, ends: bool) -> bytes:
    """`defaults` are the lines that the server itself puts first. Raises ValueError for a header that is none."""
    own, before, after = b"", plan.before, plan.after
    for name, value in answered.headers:
        raw = _header_name(name)
        own += b"%b: %b\r\n" % (raw, _header_value(value))
        if raw in plan.added:
            before, after = _without(before, raw), _without(after, raw)
    return b"%b%b%bcontent-length: %d\r\ncontent-type: %b; charset=utf-8\r\n%bx-amzn-requestid: %b\r\n%b%b\r\n%b" % (
        STATUS_LINE[answered.status],
        defaults,
        own,
        len(answered.body),
        answered.media_type.encode(),
        before,
        request_id.encode(),
        after,
        _CLOSE if ends and not closes(answered) else b"",
        answered.body,
    )


def closes(answered: Answer) -> bool:
    """Whether it says that its connection ends with it."""
    for name, value in answered.headers:
        if _header_name(name) == b"connection":
            return value.lower() == "close"
    return False


@lru_cache(maxsize=_NAMES)
def _header_name(name: str) -> bytes:
    raw = name.lower().encode("latin-1")
    if HEADER_RE.search(raw):
        raise ValueError("The name of a header of an answer holds what none can.")
    return raw


def _header_value(value: str) -> bytes:
    raw = value.encode("latin-1")
    if not (value.isascii() and value.isprintable()) and HEADER_VALUE_RE.search(raw):
        raise ValueError("A header of an answer holds what none can.")
    return raw


def _without(lines: bytes, name: bytes) -> bytes:
    """An answer keeps the headers that it sets itself."""
    return b"".join([line for line in lines.splitlines(keepends=True) if line.partition(b":")[0] != name])
