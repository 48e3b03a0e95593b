"""How long an operation may take: one timer for all that are running, since those who start first are due first."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class TimeLimit:
    """As asyncio.timeout(seconds) around each coroutine, but nothing is scheduled for one that ends in time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._running: dict[_Run, None] = {}  # in the order in which they are due
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None  # whose timer it is

    async def within(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Its result. Raises TimeoutError past the limit, when it has been cancelled."""
        loop = self._loop
        task = asyncio.current_task(loop) if loop else None
        if loop is None or task is None:  # to say which loop runs takes a call of the kernel, so it is not asked again
            loop = asyncio.get_running_loop()
            task = asyncio.current_task(loop)
        run = _Run(task, loop.time() + self.seconds)
        self._running[run] = None
        if self._timer is None or self._loop is not loop:
            self._loop, self._timer = loop, loop.call_at(run.due, self._look, loop)
        try:
            return await coroutine
        except asyncio.CancelledError as cancelled:
            if run.is_late and run.task.uncancel() <= run.cancelling:
                raise TimeoutError from cancelled
            raise
        finally:
            del self._running[run]

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Cancels what is due, and comes back when the next one is."""
        self._timer = None
        now = loop.time()
        for run in self._running:
            if run.due > now:
                self._timer = loop.call_at(run.due, self._look, loop)
                break
            run.cancel()


class _Run:
    """One coroutine under way; `cancelling`: how many others had asked for its task's end when it began."""

    __slots__ = ("cancelling", "due", "is_late", "task")

    def __init__(self, task: "asyncio.Task[Any] | None", due: float) -> None:
        assert task is not None  # noqa: S101 - a coroutine that awaits runs in one
        self.task = task
        self.due = due
        self.cancelling = task.cancelling()
        self.is_late = False

    def cancel(self) -> None:
        if not self.is_late:
            self.is_late = True
            self.task.cancel()
