"""Connections that are kept and used again, up to a number, and handed out in the order of asking."""

import asyncio
from contextlib import suppress

from datastore.wire.answer import Answer
from datastore.wire.connection import Connection
from datastore.wire.endpoint import Endpoint
from datastore.wire.failures import NotSent
from datastore.wire.limits import Limits
from datastore.wire.turns import Turns


class Pool:
    """Belongs to the event loop that it is made in."""

    def __init__(self, endpoint: Endpoint, limits: Limits) -> None:
        self._loop = asyncio.get_running_loop()
        self._endpoint = endpoint
        self._limits = limits
        self._turns = Turns(limits.connections)
        self._idle: list[Connection] = []
        self._all: set[Connection] = set()
        self._emptied = asyncio.Event()
        self._closed = False

    async def exchange(self, request: bytes, *, fresh: bool = False) -> Answer:
        """`fresh`: over a connection that is new, or was heard from just now. Raises NotSent or NotAnswered."""
        self._refuse_if_closed()  # or it would wait for a turn that close() keeps
        if not self._turns.take():
            await self._turns.wait()
        try:
            connection = self._take(self._limits.alive_seconds if fresh else self._limits.idle_seconds)
            connection = connection or await self._connect()
            waiting = connection.send(request)
            try:
                return await waiting
            finally:
                if waiting.cancelled():
                    connection.abort()  # the answer has no taker
                elif connection.is_usable:
                    self._idle.append(connection)
        finally:
            self._turns.give_back()

    async def close(self) -> None:
        """Lets requests under way finish, for as long as an answer may take."""
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.silent_seconds):
                for _ in range(self._limits.connections):
                    if not self._turns.take():
                        await self._turns.wait()
        for connection in list(self._all):
            connection.abort()
        if self._all:
            await self._emptied.wait()

    def _take(self, seconds: float) -> Connection | None:
        """The one used last: the others may grow old and go."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_usable:
                continue
            if self._loop.time() - connection.free_since < seconds and connection.is_quiet():
                return connection
            connection.abort()
        return None

    async def _connect(self) -> Connection:
        self._refuse_if_closed()
        endpoint, seconds = self._endpoint, self._limits.connect_seconds
        try:
            async with asyncio.timeout(seconds):
                _, connection = await self._loop.create_connection(
                    lambda: Connection(self._loop, self._limits, lost=self._forget),
                    endpoint.host,
                    endpoint.port,
                    ssl=endpoint.tls,
                )
        except TimeoutError as error:
            raise NotSent(f"{endpoint.authority} accepted no connection within {seconds} s.") from error
        except OSError as error:
            raise NotSent(f"{endpoint.authority} can't be reached: {error}") from error
        if connection.is_usable:  # or it has been forgotten already
            self._all.add(connection)
        return connection

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise NotSent("The client is closed.")

    def _forget(self, connection: Connection) -> None:
        self._all.discard(connection)
        if not self._all:
            self._emptied.set()
