"""Sizes and deadlines, with the bytes that arrive on a real socket."""

import json
import socket
import struct
import time

import pytest

from tests.transport.conftest import Live, read_answer, serving
from tests.transport.sample_api import sample_app
from transport.connection_limits import LimitedHTTP

POST = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nx-api-key: good\r\nContent-Type: application/json\r\n"
QUERY = b'{"query":"{hello}"}'


def assert_refused(answer: tuple[int, dict[str, str], bytes], status: int) -> None:
    found, headers, body = answer
    assert found == status
    assert headers["connection"] == "close"
    assert headers["x-amzn-errortype"] == json.loads(body)["errors"][0]["errorType"]
    assert headers["x-amzn-requestid"]
    assert headers["x-content-type-options"] == "nosniff"
    assert json.loads(body)["message"]


def test_a_declared_body_over_the_limit_is_413_before_any_of_it_is_sent(live: Live) -> None:
    assert_refused(live.exchange(POST + b"Content-Length: 100001\r\n\r\n"), 413)


def test_a_length_beyond_all_integers_is_refused(live: Live) -> None:
    status, _, _ = live.exchange(POST + b"Content-Length: " + b"9" * 18 + b"\r\n\r\n")
    assert status == 413


def test_a_chunked_body_is_413_as_soon_as_it_passes_the_limit(live: Live) -> None:
    chunk = b"c350\r\n" + b" " * 50_000 + b"\r\n"
    assert_refused(live.exchange(POST + b"Transfer-Encoding: chunked\r\n\r\n", chunk, chunk, b"1\r\n \r\n"), 413)


def test_a_body_at_the_limit_is_read(live: Live) -> None:
    body = QUERY + b" " * (100_000 - len(QUERY))
    status, _, answer = live.exchange(POST + b"Content-Length: 100000\r\n\r\n", body)
    assert (status, json.loads(answer)) == (200, {"data": {"hello": "Hello, world!"}})


def test_a_body_that_does_not_come_is_408(hasty: Live) -> None:
    assert_refused(hasty.exchange(POST + b"Content-Length: 100\r\n\r\n", b"{"), 408)


def test_headers_that_do_not_end_are_408(hasty: Live) -> None:
    assert_refused(hasty.exchange(POST), 408)


def test_a_trickle_of_headers_is_408_all_the_same(hasty: Live) -> None:
    with hasty.connect() as connection:
        connection.sendall(POST)
        connection.settimeout(0.05)
        answer = None
        deadline = time.monotonic() + 5
        while answer is None and time.monotonic() < deadline:
            connection.sendall(b"x")
            try:
                answer = read_answer(connection)
            except TimeoutError:
                continue
    assert answer is not None
    assert_refused(answer, 408)


def test_a_socket_that_says_nothing_is_closed(hasty: Live) -> None:
    with hasty.connect() as connection:
        assert connection.recv(100) == b""


def test_a_line_feed_between_requests_does_not_hold_the_socket_open(hasty: Live) -> None:
    request = POST + b"Content-Length: %d\r\n\r\n" % len(QUERY) + QUERY
    with hasty.connect() as connection:
        connection.sendall(request)
        assert read_answer(connection)[0] == 200
        connection.sendall(b"\r\n")
        connection.settimeout(3)  # less than uvicorn's keep-alive
        while connection.recv(1000):
            pass


def test_a_body_that_goes_on_after_the_answer_does_not_hold_the_socket_open(hasty: Live) -> None:
    with hasty.connect() as connection:
        connection.sendall(b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")
        assert read_answer(connection)[0] == 405
        connection.sendall(b"x")
        connection.settimeout(3)  # less than uvicorn's keep-alive
        assert connection.recv(1000) == b""


def test_a_connection_answers_many_requests(live: Live) -> None:
    request = POST + b"Content-Length: %d\r\n\r\n" % len(QUERY) + QUERY
    with live.connect() as connection:
        for _ in range(3):
            connection.sendall(request)
            assert read_answer(connection)[0] == 200


@pytest.mark.parametrize(("count", "status"), [(95, 200), (100, 431)])
def test_more_than_100_headers_are_431(live: Live, count: int, status: int) -> None:
    headers = b"".join(b"x-%d: y\r\n" % number for number in range(count))
    length = b"Content-Length: %d\r\n\r\n" % len(QUERY)
    assert live.exchange(POST + headers + length + QUERY)[0] == status


@pytest.mark.parametrize(("size", "status"), [(16_000, 200), (16_500, 431), (60_000, 431)])
def test_headers_over_16_kib_are_431(live: Live, size: int, status: int) -> None:
    length = b"Content-Length: %d\r\n\r\n" % len(QUERY)
    assert live.exchange(POST + b"x: " + b"y" * size + b"\r\n" + length + QUERY)[0] == status


def test_a_header_without_end_is_431_before_it_ends(live: Live) -> None:
    assert_refused(live.exchange(POST + b"x: " + b"y" * 40_000), 431)


@pytest.mark.parametrize("size", [9_000, 40_000])
def test_an_address_over_8_kib_is_414(live: Live, size: int) -> None:
    request = b"GET /graphql?query=" + b"x" * size + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert_refused(live.exchange(request), 414)


def test_an_address_without_end_is_414_before_it_ends(live: Live) -> None:
    assert_refused(live.exchange(b"GET /graphql?query=" + b"x" * 40_000), 414)


def test_what_is_not_http_is_400(live: Live) -> None:
    assert_refused(live.exchange(b"\x16\x03\x01 hello\r\n\r\n"), 400)


def test_a_connection_that_is_reset_is_not_held_any_longer() -> None:
    """As its timer would do: with a thousand in a second that is gigabytes."""
    with serving(sample_app(), LimitedHTTP, timeout_keep_alive=60) as server:
        live = Live(server.servers[0].sockets[0].getsockname()[1])
        with live.connect() as connection:
            connection.sendall(POST + b"Content-Length: 19\r\n\r\n" + QUERY)
            assert read_answer(connection)[0] == 200
            (protocol,) = server.server_state.connections
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        deadline = time.monotonic() + 10
        while server.server_state.connections or protocol.timeout_keep_alive_task:
            assert time.monotonic() < deadline
            time.sleep(0.01)
