"""One connection to DynamoDB: one request at a time, each with its answer, in bounded time."""

import asyncio
import select
from collections.abc import Callable
from socket import SO_KEEPALIVE, SOL_SOCKET
from typing import cast

from datastore.wire.answer import Answer
from datastore.wire.answer_reader import AnswerReader
from datastore.wire.failures import Failed, NotAnswered, NotSent, TimedOut
from datastore.wire.limits import Limits


class Connection(asyncio.Protocol):
    """`lost` is called when it is closed, by whichever side. `free_since`: when its last answer came."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, limits: Limits, *, lost: Callable[["Connection"], None]
    ) -> None:
        self._loop = loop
        self._limits = limits
        self._lost = lost
        self._reader = AnswerReader()
        self._waiting: asyncio.Future[Answer] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._sent_at = 0.0
        self._heard_at = 0.0
        self._unsent = 0
        self.free_since = loop.time()

    def send(self, request: bytes) -> asyncio.Future[Answer]:
        """Is answered, or fails with NotAnswered; raises NotSent. Whoever stops waiting must abort the connection."""
        if self._transport.is_closing():
            raise NotSent("The connection was closed before the request was sent.")
        waiting: asyncio.Future[Answer] = self._loop.create_future()
        self._waiting = waiting
        self._sent_at = self._heard_at = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_later(self._limits.silent_seconds, self._watch)
        self._transport.write(request)
        self._unsent = len(request)
        return waiting

    @property
    def is_usable(self) -> bool:
        """Whether another request may be sent."""
        return self._waiting is None and self._reader.keeps_alive and not self._transport.is_closing()

    def is_quiet(self) -> bool:
        """Whether nothing has arrived that the loop has not told of yet: an end, most likely."""
        return not self._arrivals.poll(0)

    def abort(self) -> None:
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is not a subclass of it
        socket = transport.get_extra_info("socket")
        socket.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)
        self._arrivals = select.poll()
        self._arrivals.register(socket.fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        if self._waiting is None:
            self.abort()  # nobody asked
            return
        self._heard_at = self._loop.time()
        try:
            answer = self._reader.feed(data)
        except NotAnswered as failure:
            self._fail(failure)
        else:
            if answer is not None:
                self._finish(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()
        answer = self._reader.end() if self._waiting and exc is None else None
        if answer:
            self._finish(answer)
        else:
            self._fail(NotAnswered("The connection was closed before the answer was complete."))
        self._lost(self)

    def _finish(self, answer: Answer) -> None:
        waiting, self._waiting = self._waiting, None
        self.free_since = self._heard_at
        if waiting and not waiting.done():
            waiting.set_result(answer)
        if not self._reader.keeps_alive:
            self.abort()

    def _fail(self, failure: Failed) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting and not waiting.done():
            waiting.set_exception(failure)
        self.abort()

    def _watch(self) -> None:
        """One timer serves many exchanges: it looks at the clock when it fires, and is not touched in between."""
        self._timer = None
        if self._waiting is None:
            return
        now = self._loop.time()
        unsent = self._transport.get_write_buffer_size()
        if unsent < self._unsent:
            self._unsent, self._heard_at = unsent, now  # a long request on a slow line
        due = min(self._heard_at + self._limits.silent_seconds, self._sent_at + self._limits.whole_seconds)
        if now >= due:
            self._fail(TimedOut("DynamoDB did not answer in time."))
        else:
            self._timer = self._loop.call_at(due, self._watch)
