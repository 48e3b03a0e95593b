"""What the heads of requests have turned out to mean, so that a head that comes again need not be read again.

A head is all of a request before its body. One is remembered after a request with it has gone the whole way and was
answered: then every check that depends on the head alone has passed, and would pass again. The length of the body is
cut out of it, so that requests that differ only in that are one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.fair_cache import FairCache
from transport.request_record import record_of

_CAPACITY: Final = 1000
_LONGEST: Final = 4096
_HEAD: Final = "kv.head"
_MEDIA_TYPE: Final = "kv.media_type"
_REQUEST_ID: Final = b"x-amzn-requestid"
# They change how a body is read or a connection goes on, or are another one with each request.
_UNUSUAL: Final = frozenset(
    {b"transfer-encoding", b"expect", b"upgrade", b"content-encoding", b"trailer", b"te", b"x-request-id"}
)
_LENGTHS: Final = (b"\r\nContent-Length: ", b"\r\ncontent-length: ")
_MOST_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class HeadPlan:
    """What a request with such a head says, and the header lines that the layers put behind its answer's own.

    Names are lower-case, each once. `before` stand before the line of the request's id, `after` behind it; `added` are
    their names.
    """

    media_type: str
    headers: Mapping[str, str]
    before: bytes
    after: bytes
    added: frozenset[bytes]


class Parted(NamedTuple):
    """A request in one piece: its head without the length of the body, and the body."""

    head: bytes
    body: bytes


class HeadPlans:
    """Bounded, and shared so that no caller's heads push out another's."""

    def __init__(self) -> None:
        self._plans: FairCache[bytes, HeadPlan] = FairCache(_CAPACITY)

    def get(self, head: bytes) -> HeadPlan | None:
        return self._plans.get(head)

    def put(self, head: bytes, plan: HeadPlan, *, owner: str | None) -> None:
        self._plans.put(head, plan, owner=owner)


class HeadLearning:
    """Right inside the access log: it sees answers as they go out."""

    def __init__(self, app: ASGIApp, *, plans: HeadPlans) -> None:
        self._app = app
        self._plans = plans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _HEAD not in scope:
            await self._app(scope, receive, send)
            return
        sent: Sequence[tuple[bytes, bytes]] = ()

        async def send_noting(message: Message) -> None:
            nonlocal sent
            if message["type"] == "http.response.start" and message["status"] == 200:
                sent = message["headers"]
            await send(message)

        await self._app(scope, receive, send_noting)
        if sent and (plan := _plan(scope, sent)):
            self._plans.put(scope[_HEAD], plan, owner=record_of(scope).user_id)


def part(data: bytes) -> Parted | None:
    """None unless these bytes are one request, as long as it says; how it says so is for the parser to judge."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    for name in _LENGTHS:
        at = data.find(name, 0, end)
        if at >= 0:
            break
    else:
        return None
    start = at + len(name)
    stop = data.find(b"\r\n", start, end + 2)
    digits = data[start:stop]
    if not digits.isdigit() or len(digits) > _MOST_DIGITS or len(data) != end + 4 + int(digits):
        return None
    return Parted(data[:start] + data[stop:end], data[end + 4 :])


def offer_head(scope: Scope, head: bytes) -> None:
    """By whoever has the head in one piece, before the request goes its way."""
    if len(head) <= _LONGEST:
        scope[_HEAD] = head


def note_head(scope: Scope, media_type: str) -> None:
    """By the endpoint, once the head has passed all checks and a body has been read as the head said."""
    scope[_MEDIA_TYPE] = media_type


def _plan(scope: Scope, sent: Sequence[tuple[bytes, bytes]]) -> HeadPlan | None:
    headers = scope["headers"]
    named = dict(headers)
    if (
        _MEDIA_TYPE not in scope
        or len(named) != len(headers)
        or not named.keys().isdisjoint(_UNUSUAL)
        or named.get(b"connection", b"keep-alive").lower() != b"keep-alive"
        or not _is_head(scope[_HEAD], headers)
    ):
        return None
    names = [name for name, _ in sent]
    own, at = names.index(b"content-type") + 1, names.index(_REQUEST_ID)  # an answer's own headers end with its type
    return HeadPlan(
        media_type=scope[_MEDIA_TYPE],
        headers=MappingProxyType({name.decode("latin-1"): value.decode("latin-1") for name, value in headers}),
        before=header_lines(sent[own:at]),
        after=header_lines(sent[at + 1 :]),
        added=frozenset(names[own:]),
    )


def header_lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def _is_head(head: bytes, headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether the parser has read these lines as they are read here: then it would again, whatever the length."""
    request_line, *lines = head.split(b"\r\n")
    read = [(name.lower(), value.strip(b" \t")) for name, _, value in (line.partition(b":") for line in lines)]
    expected = [(name, b"" if name == b"content-length" else value) for name, value in headers]
    return request_line.startswith(b"POST ") and request_line.endswith(b" HTTP/1.1") and read == expected
