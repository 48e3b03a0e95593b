"""Answers that come in pieces, too late, broken, or never: each has one meaning, and at most three tries."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from datastore.errors import OutcomeUnknown, StoreFault, Unavailable
from datastore.wire.client import NativeClient
from datastore.wire.limits import Limits
from tests.datastore.wire.calls import calling, get, opened
from tests.datastore.wire.scripted_server import SOON, Request, Script, ScriptedServer, always, answer, error

APPLE = b'{"Item":{"name":{"S":"apple"}}}'
EATEN = {"Item": {"name": {"S": "apple"}}}
WHOLE = answer(APPLE)
SLOW = Limits(silent_seconds=1.0, whole_seconds=30)
CRC = f"x-amz-crc32: {zlib.crc32(APPLE)}\r\n".encode()


def in_pieces(data: bytes, size: int) -> Script:
    async def script(request: Request) -> None:
        for start in range(0, len(data), size):
            await request.say(data[start : start + size])
            await asyncio.sleep(0)

    return script


def and_closes(data: bytes) -> Script:
    async def script(request: Request) -> None:
        await request.say(data)
        await request.hang_up()

    return script


CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n%b\r\n6\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (
    CRC,
    APPLE[:6],
    len(APPLE) - 6,
    APPLE[6:],
)


READABLE = {
    "whole": always(WHOLE),
    "in bytes": in_pieces(WHOLE, 1),
    "in sevens": in_pieces(WHOLE, 7),
    "chunked": always(CHUNKED),
    "chunked, in pieces": in_pieces(CHUNKED, 3),
    "continue": always(b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE),
    "hints": in_pieces(b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + WHOLE, 5),
    "connection: close": and_closes(answer(APPLE, headers="Connection: close\r\n")),
    "until the end": and_closes(b"HTTP/1.1 200 OK\r\n" + CRC + b"\r\n" + APPLE),
    "http 1.0": and_closes(b"HTTP/1.0 200 OK\r\n" + CRC + b"\r\n" + APPLE),
    "no crc": always(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(APPLE), APPLE)),
    "two answers": always(WHOLE + WHOLE),
    "rubbish behind": always(WHOLE + b"garbage"),
}


@pytest.mark.parametrize("script", READABLE.values(), ids=READABLE.keys())
async def test_an_answer_is_read_however_it_is_sent(script: Script) -> None:
    async with calling(script) as (client, server):
        for _ in range(3):
            assert await get(client) == EATEN
    assert len(server.requests) == 3


async def test_an_answer_that_another_was_smuggled_behind_is_the_last_on_its_connection() -> None:
    async with calling(always(WHOLE + answer(b'{"Item":{}}'))) as (client, server):
        assert await get(client) == await get(client) == EATEN
    assert server.connections == 2


async def test_an_answer_of_many_megabytes_is_read() -> None:
    text = "é" * 4_000_000
    body = f'{{"Item":{{"name":{{"S":"{text}"}}}}}}'.encode()
    async with calling(always(answer(body))) as (client, _):
        assert (await get(client))["Item"]["name"]["S"] == text


async def reset(request: Request) -> None:
    request.reset()


async def never(request: Request) -> None:
    await request.hang()


async def drip(request: Request) -> None:
    """A byte now and then, so that it is never silent for long."""
    for byte in WHOLE[:60]:
        await request.say(bytes([byte]))
        await asyncio.sleep(0.1)


async def stall(request: Request) -> None:
    await request.say(WHOLE[:-1])
    await request.hang()


LATE = {
    "never answered": never,
    "slow": drip,
    "stalled": stall,
}
LOSSES = LATE | {
    "truncated": and_closes(WHOLE[:-1]),
    "truncated head": and_closes(WHOLE[:20]),
    "truncated chunks": and_closes(CHUNKED[:-3]),
    "truncated until the end": and_closes(b"HTTP/1.1 200 OK\r\n\r\n" + APPLE[:-1]),
    "closed": and_closes(b""),
    "reset": reset,
    "not HTTP": always(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "binary": always(b"\x16\x03\x01\x00\x00\xff" * 30),
    "switching protocols": always(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"),
    "two lengths": always(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n{} "),
    "a length and chunks": always(CHUNKED.replace(b"\r\nx-amz", b"\r\ncontent-length: 31\r\nx-amz")),
    "a huge length": always(b"HTTP/1.1 200 OK\r\ncontent-length: 9999999999999\r\n\r\n"),
    "an endless head": always(b"HTTP/1.1 200 OK\r\n" + b"".join(b"h-%d: x\r\n" % n for n in range(1000))),
    "wrong crc": always(answer(APPLE, crc=1)),
    "not JSON": always(answer(b"<html>")),
    "not an object": always(answer(b"[1]")),
    "not UTF-8": always(answer(b'{"a":"\xff"}')),
    "empty": always(answer(b"")),
}


@asynccontextmanager
async def losing(
    script: Script, *, losses: int, then: Script | None = None
) -> AsyncIterator[tuple[NativeClient, ScriptedServer]]:
    """The client's time is up once the server has what it asked: by the clock, a busy machine would be late as well."""

    arrived = asyncio.Semaphore(0)

    async def run_out_of_time(client: NativeClient) -> None:
        for _ in range(losses):
            await arrived.acquire()
            assert client._pool
            for connection in list(client._pool._all):
                connection._sent_at = float("-inf")
                connection._watch()

    async def lose(request: Request) -> None:
        arrived.release()
        await (then if then and request.number >= losses else script)(request)

    async with calling(lose) as (client, server), asyncio.TaskGroup() as tasks:
        if script in LATE.values():
            tasks.create_task(run_out_of_time(client))
        yield client, server


@pytest.mark.parametrize("script", LOSSES.values(), ids=LOSSES.keys())
async def test_what_can_t_be_read_is_asked_for_again_where_that_does_no_harm(script: Script) -> None:
    async with losing(script, losses=3) as (client, server):
        with pytest.raises(Unavailable, match="not answering"):
            await get(client)
    assert len(server.requests) == 3


@pytest.mark.parametrize("script", LOSSES.values(), ids=LOSSES.keys())
async def test_what_can_t_be_read_is_an_unknown_outcome_where_a_repeat_might_do_harm(script: Script) -> None:
    """R3."""
    async with losing(script, losses=1) as (client, server):
        with pytest.raises(OutcomeUnknown, match="may have happened or not"):
            await get(client, repeatable=False)
    assert len(server.requests) == 1


@pytest.mark.parametrize("script", LOSSES.values(), ids=LOSSES.keys())
async def test_after_what_can_t_be_read_the_next_try_has_a_connection_of_its_own(script: Script) -> None:
    async with losing(script, losses=1, then=always(WHOLE)) as (client, server):
        assert await get(client) == await get(client) == EATEN
    assert len(server.requests) == 3


REFUSALS: dict[str, tuple[bytes, type[Exception], int, type[Exception]]] = {
    # what is answered: its meaning where it may be repeated, the number of tries, its meaning where it may not be
    "500": (error("InternalServerError", status="500 Oops"), Unavailable, 3, OutcomeUnknown),
    "502 of a proxy": (answer(b"<html>", status="502 Bad Gateway"), Unavailable, 3, OutcomeUnknown),
    "503 and empty": (answer(b"", status="503 Busy"), Unavailable, 3, OutcomeUnknown),
    "throttled": (error("ProvisionedThroughputExceededException"), Unavailable, 3, Unavailable),
    "limited": (error("RequestLimitExceeded"), Unavailable, 3, Unavailable),
    "slower": (error("ThrottlingException:extra"), Unavailable, 3, Unavailable),
    "in progress": (error("TransactionInProgressException"), Unavailable, 3, Unavailable),
    "denied": (error("AccessDeniedException"), StoreFault, 1, StoreFault),
    "no table": (error("ResourceNotFoundException"), StoreFault, 1, StoreFault),
    "bad signature": (error("InvalidSignatureException"), StoreFault, 1, StoreFault),
    "expired token": (error("ExpiredTokenException"), Unavailable, 1, Unavailable),
    "moved": (answer(b"", status="301 Moved", headers="location: http://127.0.0.1:1\r\n"), StoreFault, 1, StoreFault),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", StoreFault, 1, StoreFault),
}


@pytest.mark.parametrize(("reply", "meaning", "tries", "once"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_each_refusal_has_one_meaning(
    reply: bytes, meaning: type[Exception], tries: int, once: type[Exception]
) -> None:
    """R9."""
    async with calling(always(reply)) as (client, server):
        with pytest.raises(meaning):
            await get(client)
        assert len(server.requests) == tries
        with pytest.raises(once):
            await get(client, repeatable=False)
        assert len(server.requests) == tries + 1


@pytest.mark.parametrize("first", [error("InternalServerError", status="500 Oops"), error("ThrottlingException")])
async def test_a_success_after_failures_is_a_success(first: bytes) -> None:
    async with calling(always(first, first, WHOLE)) as (client, server):
        assert await get(client) == EATEN
    assert {request.connection for request in server.requests} == {0}


async def test_the_time_limits_are_kept() -> None:
    loop = asyncio.get_running_loop()
    for script, seconds in ((never, SOON.silent_seconds), (drip, SOON.whole_seconds)):
        async with calling(script, SOON) as (client, _):
            start = loop.time()
            with pytest.raises(OutcomeUnknown):
                await get(client, repeatable=False)
            assert seconds * 0.9 < loop.time() - start < seconds + 2


async def test_a_request_that_is_taken_slowly_is_not_given_up() -> None:
    """The server is silent for longer than allowed, but the request is still going out."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        left = int(head.partition(b"content-length: ")[2])
        while left:
            left -= len(await reader.read(200_000))
            await asyncio.sleep(0.01)
        writer.write(WHOLE)
        await reader.read()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(take, "127.0.0.1", 0, limit=100_000)
    slow = {"TableName": "any", "Item": {"PK": {"S": "x" * 40_000_000}}}
    async with server, opened(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", SLOW) as client:
        start = asyncio.get_running_loop().time()
        assert await client.call("PutItem", slow, repeatable=False) == EATEN
        assert asyncio.get_running_loop().time() - start > SLOW.silent_seconds
