"""Connections are few, kept, handed out in turn, and never used when they may be gone."""

import asyncio
import socket
from contextlib import closing

import pytest

from datastore.errors import OutcomeUnknown, Unavailable
from datastore.wire.client import NativeClient
from datastore.wire.limits import Limits
from tests.datastore.wire.calls import calling, get, opened
from tests.datastore.wire.scripted_server import EMPTY, SOON, Request, always, answer, serving

FINE = answer(EMPTY)


async def until(server_ended: asyncio.Event) -> None:
    async with asyncio.timeout(5):
        await server_ended.wait()


async def test_one_connection_serves_many_calls_one_after_another() -> None:
    async with calling(always(FINE)) as (client, server):
        for repeatable in (True, False) * 5:
            await get(client, repeatable=repeatable)
    assert server.connections == 1


async def test_calls_at_the_same_time_have_connections_of_their_own_up_to_the_bound() -> None:
    most = 0
    running = 0

    async def script(request: Request) -> None:
        nonlocal most, running
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        await request.say(FINE)

    async with calling(script, Limits(connections=5)) as (client, server):
        await asyncio.gather(*(get(client) for _ in range(40)))
    assert most == 5
    assert server.connections == 5


async def test_calls_that_wait_for_a_connection_have_their_turns_in_the_order_of_asking() -> None:
    async with calling(always(FINE), Limits(connections=1)) as (client, server):
        await asyncio.gather(*(client.call("GetItem", {"TableName": f"table-{number}"}) for number in range(20)))
    asked = [request.body for request in server.requests]
    assert asked == [b'{"TableName":"table-%d"}' % number for number in range(20)]


async def test_a_call_that_gives_up_waiting_does_not_take_the_turn_of_another() -> None:
    release = asyncio.Event()

    async def script(request: Request) -> None:
        await release.wait()
        await request.say(FINE)

    async with calling(script, Limits(connections=1)) as (client, server):
        calls = [asyncio.ensure_future(get(client)) for _ in range(4)]
        await asyncio.sleep(0)
        calls[1].cancel()
        calls[2].cancel()
        release.set()
        assert [type(each) for each in await asyncio.gather(*calls, return_exceptions=True)] == [
            dict,
            asyncio.CancelledError,
            asyncio.CancelledError,
            dict,
        ]
    assert len(server.requests) == 2


async def test_a_cancelled_call_closes_the_connection_that_its_answer_would_come_on() -> None:
    asked = asyncio.Event()

    async def script(request: Request) -> None:
        if request.number:
            await request.say(FINE)
        else:
            asked.set()
            await request.hang()

    async with calling(script) as (client, server):
        call = asyncio.ensure_future(get(client))
        await until(asked)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await until(server.ended)
        assert await get(client) == {}
    assert server.connections == 2


@pytest.mark.parametrize("repeatable", [True, False])
async def test_a_connection_that_the_server_closed_meanwhile_is_not_used(repeatable: bool) -> None:
    async def script(request: Request) -> None:
        await request.say(FINE)
        await request.hang_up()

    async with calling(script) as (client, server):
        for number in range(1, 6):
            await get(client, repeatable=repeatable)
            assert len(server.requests) == number
            await until(server.ended)
            server.ended.clear()
    assert server.connections == 5


@pytest.mark.parametrize("repeatable", [True, False])
async def test_an_end_that_the_loop_has_not_seen_is_seen_before_sending(repeatable: bool) -> None:
    """The end is there when the call begins, and no turn of the loop comes between: only the socket knows of it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(5)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with opened(address, Limits(attempts=1)) as client:
            for _ in range(3):
                call = asyncio.ensure_future(get(client, repeatable=repeatable))
                connection, _ = await asyncio.to_thread(listener.accept)
                await asyncio.to_thread(connection.recv, 65536)
                connection.sendall(FINE)
                assert await call == {}
                connection.close()


async def test_a_kept_connection_that_dies_under_a_request_is_no_lost_answer_to_what_may_be_repeated() -> None:
    async def script(request: Request) -> None:
        if request.number == 1:
            request.reset()
        else:
            await request.say(FINE)

    async with calling(script) as (client, server):
        await get(client)
        assert await get(client) == {}
    assert [request.connection for request in server.requests] == [0, 0, 1]


async def test_what_must_not_be_sent_twice_goes_over_a_connection_that_is_surely_alive() -> None:
    async with calling(always(FINE), Limits(alive_seconds=0)) as (client, server):
        for repeatable in (True, True, False, False):
            await get(client, repeatable=repeatable)
    assert [request.connection for request in server.requests] == [0, 0, 1, 2]


async def test_a_connection_that_was_idle_for_long_is_not_used_again() -> None:
    async with calling(always(FINE), Limits(idle_seconds=0)) as (client, server):
        await get(client)
        await get(client)
    assert server.connections == 2


async def test_an_answer_that_nobody_asked_for_ends_the_connection() -> None:
    async def script(request: Request) -> None:
        await request.say(FINE)
        if not request.number:
            await request.say(b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n")

    async with calling(script) as (client, server):
        assert await get(client) == {}
        assert await get(client) == {}
        assert await get(client) == {}
    assert server.connections == 2


@pytest.mark.parametrize("repeatable", [True, False])
async def test_a_server_that_is_not_there_is_unavailable_for_it_has_seen_nothing(repeatable: bool) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with opened(address) as client:
        with pytest.raises(Unavailable, match="not answering"):
            await get(client, repeatable=repeatable)


async def test_a_server_that_comes_back_between_tries_is_found() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    async with opened(f"http://127.0.0.1:{port}", Limits(attempts=200)) as client:
        call = asyncio.ensure_future(get(client, repeatable=False))
        await asyncio.sleep(0)
        async with serving(always(FINE), port=port) as server:
            assert await call == {}
    assert len(server.requests) == 1


async def test_a_server_that_accepts_no_connection_is_given_up_in_time() -> None:
    """Its backlog is full, so the handshake of the next one is never finished."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        others = [socket.socket() for _ in range(3)]
        for other in others:
            other.setblocking(False)
            other.connect_ex(address)
        async with opened(f"http://127.0.0.1:{address[1]}", Limits(connect_seconds=0.1)) as client:
            start = asyncio.get_running_loop().time()
            with pytest.raises(Unavailable):
                await get(client, repeatable=False)
            assert asyncio.get_running_loop().time() - start < 2
        for other in others:
            other.close()


async def test_closing_lets_calls_under_way_finish_and_refuses_others() -> None:
    asked, release = asyncio.Event(), asyncio.Event()

    async def script(request: Request) -> None:
        asked.set()
        await release.wait()
        await request.say(FINE)

    async with serving(script) as server, opened(server.url) as client:
        call = asyncio.ensure_future(get(client))
        await until(asked)
        end = asyncio.ensure_future(client.close())
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await get(client)
        release.set()
        assert await call == {}
        await end
        await until(server.ended)
    assert len(server.requests) == 1


async def test_closing_waits_no_longer_for_calls_than_their_answers_may_take() -> None:
    async def script(request: Request) -> None:
        await request.hang()

    async with serving(script) as server:
        client = NativeClient(region="us-east-1", endpoint_url=server.url, limits=SOON)
        call = asyncio.ensure_future(get(client, repeatable=False))
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await client.close()
        with pytest.raises(OutcomeUnknown):
            await call


async def test_closing_a_client_that_was_never_used_is_fine() -> None:
    await NativeClient(region="us-east-1", endpoint_url="http://127.0.0.1:1").close()
