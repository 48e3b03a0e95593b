"""New connections are taken as they come, whichever event loop serves them."""

import asyncio
import errno
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvloop
from structlog.testing import capture_logs

from transport import acceptor
from transport.acceptor import Acceptor

Run = Callable[[Any], Any]
_LOOPS = {"asyncio": asyncio.SelectorEventLoop, "uvloop": uvloop.new_event_loop}


@dataclass
class Callers:
    """Clients of one listening socket; `taken` are the transports of those who were, and `first` that there are any."""

    listener: socket.socket
    stack: ExitStack
    taken: list[asyncio.Transport] = field(default_factory=list)
    first: asyncio.Event = field(default_factory=asyncio.Event)

    def call(self, number: int = 1) -> list[socket.socket]:
        address = self.listener.getsockname()
        return [self.stack.enter_context(socket.create_connection(address, timeout=5)) for _ in range(number)]

    def accept(self, listener: socket.socket | None = None, taken: list[asyncio.Transport] | None = None) -> Acceptor:
        into = self.taken if taken is None else taken
        return Acceptor(listener or self.listener, lambda: Echo(into, self.first), backlog=1000)


class Echo(asyncio.Protocol):
    def __init__(self, taken: list[asyncio.Transport], made: asyncio.Event) -> None:
        self._taken = taken
        self._made = made

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._taken.append(transport)
        self._made.set()

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


class Full(socket.socket):
    """Of a process that has too many files open, the first time that it is asked."""

    asked = 0

    def accept(self) -> Any:
        self.asked += 1
        if self.asked == 1:
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


@pytest.fixture(params=_LOOPS)
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    with asyncio.Runner(loop_factory=_LOOPS[request.param]) as runner:
        yield runner.run


@pytest.fixture
def callers() -> Iterator[Callers]:
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1000))
        yield Callers(listener, stack)


async def turns_until(done: Callable[[], bool], *, at_most: int = 1000) -> int:
    for turn in range(at_most):
        if done():
            return turn
        await asyncio.sleep(0)
    raise AssertionError(f"not after {at_most} turns of the loop")


def test_all_who_wait_are_taken_within_a_few_turns_of_the_loop(run: Run, callers: Callers) -> None:
    """However long a turn may be."""

    async def scenario() -> None:
        callers.call(200)
        callers.accept()
        await turns_until(lambda: len(callers.taken) == 200, at_most=40)

    run(scenario())


def test_those_who_share_a_socket_share_what_comes(run: Run, callers: Callers) -> None:
    async def scenario() -> None:
        callers.call(40)
        others: list[asyncio.Transport] = []
        with callers.listener.dup() as shared:
            servers = [callers.accept(), callers.accept(shared, others)]
            await turns_until(lambda: len(callers.taken) + len(others) == 40)
            for server in servers:
                server.close()
        assert min(len(callers.taken), len(others)) >= 10

    run(scenario())


def test_a_caller_is_answered_without_delay(run: Run, callers: Callers) -> None:
    async def scenario() -> None:
        callers.accept()
        for _ in range(3):
            (client,) = callers.call()
            client.sendall(b"ping")
            assert await asyncio.to_thread(client.recv, 100) == b"ping"
        for transport in callers.taken:
            assert transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    run(scenario())


def test_one_who_has_gone_again_is_in_nobodys_way(run: Run, callers: Callers) -> None:
    async def scenario() -> None:
        for client in callers.call(3):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        (last,) = callers.call()
        callers.accept()
        last.sendall(b"here")
        assert await asyncio.to_thread(last.recv, 100) == b"here"

    run(scenario())


def test_where_no_more_files_can_be_opened_it_says_so_and_tries_again(
    run: Run, callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acceptor, "_PAUSE_SECONDS", 0.01)

    async def scenario() -> None:
        callers.call()
        with Full(fileno=callers.listener.dup().detach()) as full, capture_logs() as lines:
            server = callers.accept(full)
            await asyncio.wait_for(callers.first.wait(), 5)
            server.close()
        assert [line["event"] for line in lines] == ["cannot_accept"]
        assert "Too many open files" in lines[0]["reason"]

    run(scenario())


@pytest.mark.parametrize("paused", [False, True])
def test_once_closed_it_takes_nobody(run: Run, callers: Callers, paused: bool) -> None:
    async def scenario() -> None:
        with Full(fileno=callers.listener.dup().detach()) as full, capture_logs():
            server = callers.accept(full)
            if paused:
                callers.call()
                await turns_until(lambda: full.asked == 1)
            server.close()
            await server.wait_closed()
            callers.call(2)
            for _ in range(20):
                await asyncio.sleep(0)
        assert callers.taken == []

    run(scenario())
