"""The sample application, in process and behind a real uvicorn."""

import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette

from tests.transport.sample_api import sample_app
from transport.connection_limits import LimitedHTTP


class Hasty(LimitedHTTP):
    header_seconds = 0.4


@dataclass(frozen=True)
class Live:
    """A server on a port of its own."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    def exchange(self, *parts: bytes) -> tuple[int, dict[str, str], bytes]:
        """Sends the bytes as they are, and reads until the server has closed or answered."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            for part in parts:
                connection.sendall(part)
            return read_answer(connection)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)


def read_answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _receive(connection, received)
    head, _, body = received.partition(b"\r\n\r\n")
    status_line, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += _receive(connection, body)
    return int(status_line.split()[1]), headers, body


def _receive(connection: socket.socket, so_far: bytes) -> bytes:
    chunk = connection.recv(65536)
    assert chunk, f"the server closed the connection after {so_far!r}"
    return chunk


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    with _serving(LimitedHTTP) as server:
        yield server


@pytest.fixture(scope="session")
def hasty() -> Iterator[Live]:
    """Its deadlines are short, so that a test can wait for them."""
    with _serving(Hasty, body_seconds=0.4) as server:
        yield server


@contextmanager
def _serving(protocol: type[LimitedHTTP], **options: Any) -> Iterator[Live]:
    with serving(sample_app(max_body_bytes=100_000, **options), protocol) as server:
        yield Live(server.servers[0].sockets[0].getsockname()[1])


@contextmanager
def serving(app: Starlette, protocol: Any, **options: Any) -> Iterator[uvicorn.Server]:
    fixed = {"log_config": None, "access_log": False, "lifespan": "off", "proxy_headers": False}
    config = uvicorn.Config(app, port=0, http=protocol, **fixed, **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        thread.join(0.01)
    yield server
    server.should_exit = True
    thread.join()


@pytest.fixture
async def make_client() -> AsyncIterator[Callable[..., httpx2.AsyncClient]]:
    """Clients of sample applications; each answer is checked to be strict JSON (G3)."""
    clients = []

    def make(*, headers: dict[str, str] | None = None, **options: Any) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=sample_app(**options), raise_app_exceptions=True)
        client = httpx2.AsyncClient(
            transport=transport,
            base_url="http://localhost",
            headers={"x-api-key": "good"} if headers is None else headers,
            event_hooks={"response": [_is_strict_json]},
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def client(make_client: Callable[..., httpx2.AsyncClient]) -> httpx2.AsyncClient:
    return make_client()


@pytest.fixture
def stranger(make_client: Callable[..., httpx2.AsyncClient]) -> httpx2.AsyncClient:
    """Somebody without credentials."""
    return make_client(headers={})


async def _is_strict_json(response: httpx2.Response) -> None:
    body = await response.aread()
    if response.request.method != "HEAD" and "json" in response.headers.get("content-type", ""):
        json.loads(body.decode("utf-8"), parse_constant=_refuse)


def _refuse(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")
