"""Takes new connections off a listening socket as fast as they come.

uvloop's own servers take one in each turn of the event loop (libuv since 1.45). A turn of a busy loop is long, so that
a thousand clients that came together would wait for seconds to be heard at all.
"""

import asyncio
from collections.abc import Callable
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from typing import Final

import structlog

_MOST_AT_ONCE: Final = 64
_PAUSE_SECONDS: Final = 1.0
_GONE: Final = (BlockingIOError, InterruptedError, ConnectionAbortedError)


class Acceptor:
    """A server as uvicorn holds one. Belongs to the running event loop, and begins at once; the socket is the caller's.

    It takes one in a turn, then two, then four, as long as more are waiting: processes that share a socket share what
    comes, and a queue that has built up is soon gone.
    """

    def __init__(self, listener: socket, make_protocol: Callable[[], asyncio.Protocol], *, backlog: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._listener = listener
        self._make_protocol = make_protocol
        self._at_once = 1
        self._adopting: set[asyncio.Task[None]] = set()
        self._pause: asyncio.TimerHandle | None = None
        listener.setblocking(False)
        listener.listen(backlog)
        self._begin()

    def close(self) -> None:
        """Nothing more is taken; what was stays."""
        if self._pause:
            self._pause.cancel()
        self._loop.remove_reader(self._listener)

    async def wait_closed(self) -> None:
        if self._adopting:
            await asyncio.wait(self._adopting)

    def _begin(self) -> None:
        self._pause = None
        self._loop.add_reader(self._listener, self._accept)

    def _accept(self) -> None:
        for _ in range(self._at_once):
            try:
                connection, _ = self._listener.accept()
            except _GONE:
                self._at_once = 1
                return
            except OSError as error:
                self._wait_for_room(error)
                return
            connection.setblocking(False)
            adopting = self._loop.create_task(self._adopt(connection))
            self._adopting.add(adopting)
            adopting.add_done_callback(self._adopting.discard)
        self._at_once = min(2 * self._at_once, _MOST_AT_ONCE)

    async def _adopt(self, connection: socket) -> None:
        try:
            # asyncio leaves that out where a socket was made without naming its protocol.
            connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
            await self._loop.connect_accepted_socket(self._make_protocol, connection)
        except OSError:  # the caller has gone again
            connection.close()

    def _wait_for_room(self, error: OSError) -> None:
        """Most likely too many files are open: the queue can wait, and the loop must not spin on it."""
        structlog.get_logger().error("cannot_accept", reason=str(error), again_in_seconds=_PAUSE_SECONDS)
        self._loop.remove_reader(self._listener)
        self._pause = self._loop.call_later(_PAUSE_SECONDS, self._begin)
