"""What the layers do where no ordinary client can see it: sockets, hang-ups, failures in mid-answer."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from starlette.responses import StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from structlog.testing import capture_logs

from tests.transport.conftest import Live
from tests.transport.sample_api import sample_app
from transport.request_record import record_of


async def exchange(app: Any, *messages: dict[str, Any], **scope: Any) -> list[dict[str, Any]]:
    """What an ASGI application sends when it receives these messages, and then nothing more."""
    sent: list[dict[str, Any]] = []
    pending = iter(messages)

    async def receive() -> dict[str, Any]:
        for message in pending:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"x-api-key", b"good"), (b"content-type", b"application/json")]
    base = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "scheme": "http"}
    await app({**base, "headers": headers, **scope}, receive, send)
    return sent


async def test_a_caller_that_hangs_up_is_no_failure() -> None:
    with capture_logs() as logs:
        await exchange(
            sample_app(),
            {"type": "http.request", "body": b'{"query":', "more_body": True},
            {"type": "http.disconnect"},
        )
    assert [(line["event"], line["status"]) for line in logs] == [("request", 499)]


async def test_a_body_that_does_not_come_is_refused_in_process_too() -> None:
    answer, *_ = await exchange(sample_app(body_seconds=0.05), {"type": "http.request", "more_body": True})
    assert answer["status"] == 408


async def test_an_answer_that_fails_midway_is_cut_off_and_logged() -> None:
    async def chunks() -> Any:
        yield "first"
        raise RuntimeError("midway")

    app = sample_app(extra_routes=[Route("/stream", lambda request: StreamingResponse(chunks()))])
    with capture_logs() as logs:
        sent = await exchange(app, {"type": "http.request"}, method="GET", path="/stream")
    assert [line["event"] for line in logs] == ["internal_error", "request"]
    assert not any(message["type"] == "http.response.body" and not message.get("more_body") for message in sent)


async def test_over_tls_browsers_are_told_to_stay_there() -> None:
    start, *_ = await exchange(sample_app(), {"type": "http.request"}, method="GET", path="/healthz", scheme="https")
    assert (b"strict-transport-security", b"max-age=31536000") in start["headers"]


def socket_app() -> Any:
    async def greet(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(record_of(websocket.scope).request_id)
        await websocket.close()

    return sample_app(extra_routes=[WebSocketRoute("/socket", greet)])


def test_sockets_pass_and_have_a_request_id() -> None:
    client = TestClient(socket_app())
    with client.websocket_connect("ws://localhost/socket", headers={"x-request-id": "r-1"}) as websocket:
        assert websocket.receive_text() == "r-1"


def test_sockets_for_other_hosts_are_refused() -> None:
    client = TestClient(socket_app())
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect("ws://evil.example/socket"):
        pass
    assert caught.value.code == 1008


async def test_data_of_an_error_may_hold_what_utf_8_can_not(
    make_client: Callable[..., httpx2.AsyncClient],
) -> None:
    query = {"query": '{ refuse(how: "surrogate") { key } }'}
    [error] = (await make_client().post("/graphql", json=query)).json()["errors"]
    assert error["message"] == "No \\ud800."
    assert error["errorInfo"] == {"keys": ["\\ud800", 1, None]}


def test_requests_in_a_pipeline_are_answered_in_order(hasty: Live) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with hasty.connect() as connection:
        connection.sendall(request * 2 + request[:20])
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.count(b"HTTP/1.1 408 Request Timeout") == 1
