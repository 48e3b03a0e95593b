"""An answer as the bytes that go out, in the order in which uvicorn and the layers would write them."""

from collections.abc import Iterable
from typing import Final

from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE

from transport.answers import Answer
from transport.head_plans import HeadPlan, header_lines

_CLOSE: Final = b"connection: close\r\n"


def answer_bytes(answered: Answer, plan: HeadPlan, request_id: str, *, defaults: bytes, ends: bool) -> bytes:
    """`defaults` are the lines that the server itself puts first. Raises ValueError for a header that is none."""
    own, before, after = b"", plan.before, plan.after
    if answered.headers:
        own = header_lines(_checked(answered.headers))
        before, after = _without(before, own), _without(after, own)
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
    return any(name.lower() == "connection" and value.lower() == "close" for name, value in answered.headers)


def _checked(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    own = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    if any(HEADER_RE.search(name) or HEADER_VALUE_RE.search(value) for name, value in own):
        raise ValueError("A header of an answer holds what no header can.")
    return own


def _without(lines: bytes, own: bytes) -> bytes:
    """An answer keeps the headers that it sets itself."""
    names = {_name(line) for line in own.splitlines()}
    return b"".join([line for line in lines.splitlines(keepends=True) if _name(line) not in names])


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0]
