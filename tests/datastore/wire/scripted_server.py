"""An HTTP server that does what a test's script says, byte by byte, on a free port of loopback."""

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from datastore.wire.limits import Limits

SOON = Limits(silent_seconds=0.3, whole_seconds=0.8)
PATIENT = Limits(connect_seconds=10, silent_seconds=20, whole_seconds=30)  # for what is not about time
EMPTY = b"{}"


@dataclass(frozen=True)
class Request:
    """`number` counts requests, `connection` connections, from 0."""

    number: int
    connection: int
    headers: dict[str, str]
    body: bytes
    writer: asyncio.StreamWriter
    reader: asyncio.StreamReader

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def hang(self) -> None:
        """No answer, for as long as the client keeps the connection."""
        await self.reader.read()

    async def hang_up(self) -> None:
        self.writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await self.writer.wait_closed()

    def reset(self) -> None:
        self.writer.transport.abort()


Script: TypeAlias = Callable[[Request], Awaitable[None]]


@dataclass
class ScriptedServer:
    script: Script
    port: int = 0
    connections: int = 0
    requests: list[Request] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)  # a connection has, at least once
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = self.connections
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while not writer.is_closing():
                await self._serve_one(connection, reader, writer)
        writer.close()
        self.ended.set()

    async def _serve_one(self, connection: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:-2])
        body = await reader.readexactly(int(headers["content-length"]))
        request = Request(len(self.requests), connection, headers, body, writer, reader)
        self.requests.append(request)
        await self.script(request)


@asynccontextmanager
async def serving(script: Script, *, port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[ScriptedServer]:
    scripted = ScriptedServer(script, scheme="https" if tls else "http")
    tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks[asyncio.ensure_future(scripted.serve(reader, writer))] = writer

    server = await asyncio.start_server(connected, "127.0.0.1", port, ssl=tls)
    scripted.port = server.sockets[0].getsockname()[1]
    try:
        yield scripted
    finally:
        server.close()
        for task, writer in tasks.items():
            task.cancel()
            writer.transport.abort()
        failures = await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(writer.wait_closed() for writer in tasks.values()), return_exceptions=True)
        await server.wait_closed()
        assert not [each for each in failures if isinstance(each, Exception)], failures


def answer(body: bytes = EMPTY, *, status: str = "200 OK", headers: str = "", crc: int | None = None) -> bytes:
    """A whole answer as DynamoDB writes it; `headers` are lines of their own, each with its end."""
    checksum = zlib.crc32(body) if crc is None else crc
    head = f"HTTP/1.1 {status}\r\n{headers}x-amz-crc32: {checksum}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def error(code: str, message: str = "as told", *, status: str = "400 Bad Request", headers: str = "") -> bytes:
    body = f'{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"{message}"}}'.encode()
    return answer(body, status=status, headers=headers)


def always(*replies: bytes) -> Script:
    """Each request gets the next of these, and the last one for ever."""

    async def script(request: Request) -> None:
        await request.say(replies[min(request.number, len(replies) - 1)])

    return script
