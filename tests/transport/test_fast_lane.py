"""The short way answers what the long way does, byte for byte, and leaves to it whatever is unusual."""

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
import uvicorn

from tests.transport.conftest import Live, read_answer, serving
from tests.transport.sample_api import sample_app
from transport.answer_bytes import answer_bytes
from transport.answers import Answer
from transport.connection_limits import LimitedHTTP
from transport.fast_lane import FastHTTP, FastLane
from transport.head_plans import HeadPlan
from transport.persisted_queries import sha256

GOOD = {"Host": "localhost", "x-api-key": "good", "Content-Type": "application/json"}
HELLO = b'{"query":"{hello}"}'


@dataclass(frozen=True)
class Fast(Live):
    """A server with the short way; `short` is how many requests have gone it."""

    server: uvicorn.Server = field(repr=False)
    seen: list[bytes]

    @property
    def short(self) -> int:
        return len(self.seen)


@contextmanager
def fast_server(protocol: type[FastHTTP] = FastHTTP, *, uvicorn_options: Any = None, **options: Any) -> Iterator[Fast]:
    app = sample_app(max_body_bytes=100_000, **options)
    lane: FastLane = app.state.lane
    seen: list[bytes] = []
    answer = lane.answer

    async def answer_counting(plan: Any, body: bytes, *more: Any) -> Any:
        seen.append(body)
        return await answer(plan, body, *more)

    lane.answer = answer_counting  # type: ignore[method-assign]
    with serving(app, partial(protocol, lane=lane), **(uvicorn_options or {})) as server:
        yield Fast(server.servers[0].sockets[0].getsockname()[1], server, seen)


@pytest.fixture
def fast() -> Iterator[Fast]:
    with fast_server() as server:
        yield server


def request(body: bytes = HELLO, /, line: str = "POST /graphql HTTP/1.1", **headers: str | None) -> bytes:
    """Names of headers with _ for -; None leaves one out."""
    given = {**GOOD, **{name.replace("_", "-"): value for name, value in headers.items()}}
    given = {"Content-Length": str(len(body)), **given}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
    return f"{line}\r\n{lines}\r\n".encode("latin-1") + body


def query(text: str, **more: Any) -> bytes:
    return json.dumps({"query": text, **more}, separators=(",", ":")).encode()


def raw_answer(connection: socket.socket) -> bytes:
    """Everything about an answer, but for what is another each time."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    assert length
    while len(body) < int(length[1]):
        body += _some(connection)
    head = re.sub(rb"date: [^\r]+", b"date: now", head)
    request_id = re.search(rb"x-amzn-requestid: ([0-9a-f-]{36})", head)
    assert request_id
    return (head + b"\r\n\r\n" + body).replace(request_id[1], b"the id")


def _some(connection: socket.socket) -> bytes:
    chunk = connection.recv(65536)
    assert chunk, "the server closed the connection"
    return chunk


PERSISTED = {"persistedQuery": {"version": 1, "sha256Hash": sha256("{hello}")}}
RESPONSE_TYPE = "application/graphql-response+json"
CASES: dict[str, tuple[bytes, ...]] = {
    "an answer": (request(),),
    "with a variable": (request(query("query($n:String){hello(name:$n)}", variables={"n": "Zoë"})),),
    "JSON with spaces": (request(b' { "query" : "{hello}" } '),),
    "another media type": (request(accept=RESPONSE_TYPE),),
    "errors beside data": (request(query('{hello refuse(how:"bad"){key}}')),),
    "errors of each kind": tuple(
        request(query(f'{{refuse(how:"{how}"){{key}}}}')) for how in ("condition", "unavailable", "own", "surrogate")
    ),
    "a failure that is masked": (request(query("{boom}")),),
    "a failure of authentication": (request(x_api_key="broken"),),
    "no data at all": (request(query("{nothing}")),),
    "a mutation": (request(query('mutation{put(key:"k"){key}}')),),
    "no credentials": (request(x_api_key=None),),
    "wrong credentials": (request(x_api_key="bad"),),
    "a table that does not answer": (request(x_api_key="down"),),
    "credentials that ran out": (request(x_api_key="expired"),),
    "not JSON": (request(), request(b"meow")),
    "a list": (request(), request(b"[]")),
    "a query that can't be read": (request(query("{")),),
    "the same for the other media type": (request(accept=RESPONSE_TYPE), request(query("{"), accept=RESPONSE_TYPE)),
    "a query that does not fit": (request(query("{nope}")),),
    "wrong variables": (request(query("query($n:Int!){count(of:$n)}", variables={"n": "x"})),),
    "a hash that is not known": (request(b'{"extensions":' + json.dumps(PERSISTED).encode() + b"}"),),
    "a hash that is known": (
        request(query("{hello}", extensions=PERSISTED)),
        request(json.dumps({"extensions": PERSISTED}).encode()),
    ),
    "several operations": (request(), request(query("query A{hello} query B{hello}"))),
    "a subscription": (request(), request(query("subscription{changed}"))),
    "an error beside the value": (request(query("{warn}")),),
    "an empty body": (request(), request(b"")),
    "an origin": (request(origin="https://app.example"),),
    "headers of a resolver, and the caller's address": (request(query("{whence}")),),
    "the address that a proxy tells": (request(query("{whence}"), x_forwarded_for="203.0.113.7"),),
    "a cookie": (request(cookie="a=b"),),
    "kept alive by name": (request(connection="keep-alive"),),
}


OPTIONS: list[dict[str, Any]] = [{}, {"cors_origins": ["https://app.example"]}, {"cors_origins": ["*"], "proxies": 1}]


@pytest.mark.parametrize("options", OPTIONS)
def test_the_short_way_answers_what_the_long_way_does(options: dict[str, Any]) -> None:
    app = sample_app(max_body_bytes=100_000, **options)
    with fast_server(**options) as fast, serving(app, LimitedHTTP) as server:
        long = Live(server.servers[0].sockets[0].getsockname()[1])
        for name, requests in CASES.items():
            with long.connect() as connection:
                expected = [_exchange(connection, each) for each in requests for _ in range(3)]
            with fast.connect() as connection:
                found = [_exchange(connection, each) for each in requests for _ in range(3)]
            assert found == expected, name
        assert fast.short > len(CASES)


def test_an_operation_that_takes_too_long_is_stopped_on_either_way() -> None:
    with fast_server(execution={"timeout_seconds": 0.1}) as fast, fast.connect() as connection:
        assert _exchange(connection, request())
        slow = [_exchange(connection, request(query("{slow}"))) for _ in range(2)]
        assert fast.short == 2
        assert b"ExecutionTimeout" in slow[0]
        assert slow[0] == slow[1]


def test_a_head_goes_the_long_way_once(fast: Fast) -> None:
    with fast.connect() as connection:
        for text in ("{hello}", "{hello }", '{hello(name:"longer")}'):
            _exchange(connection, request(query(text)))
    with fast.connect() as connection:
        _exchange(connection, request())
    assert fast.short == 3


UNUSUAL = {
    "a request id": request(x_request_id="mine-0123456789abcdef0123456789abcde"),
    "a connection that is to end": request(connection="close"),
    "an older HTTP": request(line="POST /graphql HTTP/1.0"),
    "an expectation": request(expect="something"),
    "an upgrade": request(connection="Upgrade", upgrade="h2c"),
    "chunks": request(Content_Length=None, transfer_encoding="chunked").replace(
        HELLO, b"%x\r\n%b\r\n0\r\n\r\n" % (len(HELLO), HELLO)
    ),
    "a header twice": request().replace(b"x-api-key", b"x-a: 1\r\nx-a: 2\r\nx-api-key"),
    "a strange length": request().replace(b"Content-Length: 1", b"Content-Length:1"),
    "another host": request(host="evil.example", Host=None),
    "another address": request(line="POST /nothing HTTP/1.1"),
    "a large head": request(x="y" * 5000),
}


@pytest.mark.parametrize("unusual", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_goes_the_long_way_each_time(fast: Fast, unusual: bytes) -> None:
    for _ in range(3):
        with fast.connect() as connection:
            connection.sendall(unusual)
            assert read_answer(connection)[0] in (200, 400, 404, 421)
    assert fast.short == 0


def test_a_body_over_the_limit_is_refused_though_its_head_is_known(fast: Fast) -> None:
    with fast_server() as small, small.connect() as connection:
        _exchange(connection, request())
        connection.sendall(request(HELLO + b" " * 100_000))
        assert read_answer(connection)[0] == 413


@pytest.mark.parametrize("size", [1, 7, 60, 130])
def test_a_request_in_pieces_goes_the_long_way(fast: Fast, size: int) -> None:
    with fast.connect() as connection:
        _exchange(connection, request())
        whole = request()
        for at in range(0, len(whole), size):
            connection.sendall(whole[at : at + size])
            time.sleep(0.002)
        assert read_answer(connection)[0] == 200
    assert fast.short == 0


def test_requests_in_a_pipeline_are_answered_in_order(fast: Fast) -> None:
    """Some come while one is being answered, some together in one piece, one in two pieces."""
    with fast.connect() as connection:
        _exchange(connection, request())
        texts = [query(f'{{hello(name:"{number}")}}') for number in range(20)]
        connection.sendall(request(texts[0]))
        connection.sendall(b"".join(map(request, texts[1:19])) + request(texts[19])[:40])
        connection.sendall(request(texts[19])[40:])
        for number in range(20):
            assert raw_answer_body(connection) == {"data": {"hello": f"Hello, {number}!"}}
    assert fast.short >= 1


def raw_answer_body(connection: socket.socket) -> Any:
    """Reads no byte of the next answer."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    length = re.search(rb"content-length: (\d+)", head)
    assert length
    body = b""
    while len(body) < int(length[1]):
        body += connection.recv(int(length[1]) - len(body))
    return json.loads(body)


def test_a_request_that_comes_while_another_is_answered_waits(fast: Fast) -> None:
    with fast_server(execution={"timeout_seconds": 0.3}) as slow, slow.connect() as connection:
        _exchange(connection, request())
        connection.sendall(request(query("{slow}")))
        time.sleep(0.05)
        connection.sendall(request())
        assert "errors" in raw_answer_body(connection)
        assert raw_answer_body(connection) == {"data": {"hello": "Hello, world!"}}
        assert slow.short == 2


def test_a_caller_that_hangs_up_leaves_nothing_behind() -> None:
    with fast_server(execution={"timeout_seconds": 0.2}) as fast:
        with fast.connect() as connection:
            _exchange(connection, request())
            connection.sendall(request(query("{slow}")))
            _until(lambda: fast.short == 1)
        _until(lambda: not fast.server.server_state.connections and not fast.server.server_state.tasks)


def test_a_caller_that_does_not_read_is_waited_for() -> None:
    with fast_server() as fast, fast.connect() as connection:
        _exchange(connection, request())
        long = request(query("query($n:String){hello(name:$n)}", variables={"n": "x" * 40_000}))
        connection.settimeout(1)
        sent = 0
        try:
            for _ in range(1000):
                connection.sendall(long)
                sent += 1
        except TimeoutError:
            pass
        assert sent < 1000  # the server has stopped to read
        assert fast.short < 1000
        connection.settimeout(10)
        for _ in range(sent):
            assert raw_answer_body(connection)["data"]["hello"].startswith("Hello, x")


def test_an_answer_keeps_a_header_that_the_layers_would_add() -> None:
    """And no header of an answer can hold the end of a line."""
    plan = HeadPlan(
        "application/json", {}, b"vary: Origin\r\n", b"cache-control: no-store\r\n", frozenset({b"cache-control"})
    )
    answer = Answer(b"{}", headers=(("Cache-Control", "max-age=1"), ("X", "é")))
    sent = answer_bytes(answer, plan, "id", defaults=b"date: now\r\n", ends=True)
    assert sent.split(b"\r\n") == [
        b"HTTP/1.1 200 OK", b"date: now", b"cache-control: max-age=1", b"x: \xe9", b"content-length: 2",
        b"content-type: application/json; charset=utf-8", b"vary: Origin", b"x-amzn-requestid: id",
        b"connection: close", b"", b"{}",
    ]  # fmt: skip
    for header in (("x", "a\r\nb: c"), ("x\n", "a"), ("x", "a\x00")):
        with pytest.raises(ValueError, match="none can"):
            answer_bytes(Answer(b"", headers=(header,)), plan, "id", defaults=b"", ends=False)


class Brief(FastHTTP):
    """Its timers are short, so that a test can wait for them."""

    header_seconds = 0.4


def test_an_idle_connection_is_closed_and_a_busy_one_is_not() -> None:
    with fast_server(uvicorn_options={"timeout_keep_alive": 3}) as fast, fast.connect() as connection:
        for _ in range(4):
            _exchange(connection, request())
            time.sleep(0.9)
        began = time.monotonic()
        connection.settimeout(30)
        assert connection.recv(1) == b""
        assert time.monotonic() - began > 1
        assert fast.short == 3


def test_deadlines_hold_after_requests_that_went_the_short_way() -> None:
    with fast_server(Brief) as fast, fast.connect() as connection:
        for _ in range(3):
            _exchange(connection, request())
        time.sleep(0.6)  # no deadline is left behind
        _exchange(connection, request())
        connection.sendall(request()[:50])
        assert read_answer(connection)[0] == 408
        assert fast.short == 3


def test_a_server_that_stops_finishes_what_it_answers() -> None:
    with fast_server(execution={"timeout_seconds": 0.5}) as fast, fast.connect() as connection:
        _exchange(connection, request())
        connection.sendall(request(query("{slow}")))
        _until(lambda: fast.short == 1)
        fast.server.should_exit = True
        status, headers, body = read_answer(connection)
        assert (status, headers["connection"]) == (200, "close")
        assert b"ExecutionTimeout" in body
        assert connection.recv(1) == b""


def test_one_who_shows_many_heads_does_not_push_out_another(fast: Fast) -> None:
    with fast.connect() as connection:
        _exchange(connection, request())
        for number in range(1100):
            _exchange(connection, request(x_api_key="bad", x=str(number)))
        before = fast.short
        _exchange(connection, request())
        assert fast.short == before + 1


def _exchange(connection: socket.socket, sent: bytes) -> bytes:
    connection.sendall(sent)
    return raw_answer(connection)


def _until(condition: Any) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
