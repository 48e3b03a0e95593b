"""Connections that are kept and used again, up to a number, and handed out in the order of asking."""

import asyncio

from datastore.wire.answer_reader import Answer
from datastore.wire.connection import SILENT_SECONDS, Connection
from datastore.wire.endpoint import Endpoint
from datastore.wire.failures import NotSent

POOL_SIZE = 64
CONNECT_SECONDS = 1.0
IDLE_SECONDS = 60.0  # after which a connection is not trusted to be there still
ALIVE_SECONDS = 2.0  # after which it is not trusted with what must not be lost


class Pool:
    """Belongs to the event loop that it is made in."""

    def __init__(self, endpoint: Endpoint, *, size: int = POOL_SIZE) -> None:
        self.loop = asyncio.get_running_loop()
        self._endpoint = endpoint
        self._size = size
        self._turns = asyncio.Semaphore(size)
        self._idle: list[Connection] = []
        self._all: set[Connection] = set()
        self._emptied = asyncio.Event()

    async def exchange(self, request: bytes, *, fresh: bool = False) -> Answer:
        """`fresh`: over a connection that is new, or was heard from just now. Raises NotSent or NotAnswered."""
        async with self._turns:
            connection = self._take(ALIVE_SECONDS if fresh else IDLE_SECONDS) or await self._connect()
            try:
                return await connection.exchange(request)
            finally:
                if connection.is_usable:
                    self._idle.append(connection)

    async def close(self) -> None:
        """Lets requests under way finish, for as long as an answer may take."""
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                for _ in range(self._size):
                    await self._turns.acquire()
        except TimeoutError:
            pass
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
            if self.loop.time() - connection.free_since < seconds and connection.is_quiet():
                return connection
            connection.abort()
        return None

    async def _connect(self) -> Connection:
        endpoint = self._endpoint
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, connection = await self.loop.create_connection(
                    lambda: Connection(self.loop, self._forget),
                    endpoint.host,
                    endpoint.port,
                    ssl=endpoint.tls,
                )
        except TimeoutError as error:
            raise NotSent(f"{endpoint.authority} accepted no connection within {CONNECT_SECONDS} s.") from error
        except OSError as error:
            raise NotSent(f"{endpoint.authority} can't be reached: {error}") from error
        self._all.add(connection)
        return connection

    def _forget(self, connection: Connection) -> None:
        self._all.discard(connection)
        if not self._all:
            self._emptied.set()
