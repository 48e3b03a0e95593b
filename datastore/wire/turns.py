"""Turns: at most so many are out at a time, and those who wait get theirs in the order of asking."""

import asyncio
from collections import deque


class Turns:
    """A turn that comes back goes straight to whoever waits first, so none is left while anybody waits."""

    def __init__(self, number: int) -> None:
        self._left = number
        self._queue: deque[asyncio.Future[None]] = deque()

    def take(self) -> bool:
        """Whether there was one; if not, it is to be waited for."""
        if not self._left:
            return False
        self._left -= 1
        return True

    async def wait(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it came in the moment of giving up
                self.give_back()
            raise

    def give_back(self) -> None:
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._left += 1
