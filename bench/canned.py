"""A DynamoDB endpoint that answers constants at a few microseconds each, so that the engine cancels out."""

import asyncio
import sys
import zlib
from collections.abc import Mapping
from typing import cast

import orjson
import uvloop

from bench.canned_answers import UNKNOWN, Answer, answers

END_OF_HEAD = b"\r\n\r\n"
HEAD = (
    b"HTTP/1.1 %b\r\nserver: canned\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: %d\r\n"
    b"x-amzn-requestid: CANNED0000000000000000000000000000000000000000000000\r\nx-amz-crc32: %d\r\n\r\n"
)


class Endpoint(asyncio.Protocol):
    """HTTP/1.1 with keep-alive and content-length, which is all that the contestants' clients send."""

    def __init__(self, known: Mapping[bytes, Answer]) -> None:
        self._known = known
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is not a subclass of it

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(END_OF_HEAD)) >= 0:
            head, start = self._received[:end].lower(), end + len(END_OF_HEAD)
            stop = start + int(_header(head, b"content-length") or 0)
            if len(self._received) < stop:
                return
            body, self._received = self._received[start:stop], self._received[stop:]
            self._transport.write(self._answer(_header(head, b"x-amz-target").rpartition(b".")[2], body))

    def _answer(self, operation: bytes, body: bytes) -> bytes:
        if answer := self._known.get(operation):
            return _response(b"200 OK", answer(orjson.loads(body)))
        print(f"The canned endpoint has no answer for {operation!r}.", file=sys.stderr, flush=True)
        return _response(b"400 Bad Request", UNKNOWN)


async def serve(port: int) -> None:
    known = {name.lower(): answer for name, answer in answers().items()}
    server = await asyncio.get_running_loop().create_server(lambda: Endpoint(known), "127.0.0.1", port)
    await server.serve_forever()


def _header(head: bytes, name: bytes) -> bytes:
    start = head.find(b"\r\n" + name + b":")
    if start < 0:
        return b""
    start += len(name) + 3
    end = head.find(b"\r\n", start)
    return head[start : end if end >= 0 else len(head)].strip()


def _response(status: bytes, body: bytes) -> bytes:
    return HEAD % (status, len(body), zlib.crc32(body)) + body


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
