"""Writes that no request waits for: they run behind it, and a failure is logged."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from datastore.errors import ConditionFailed, Refusal, StoreFault
from datastore.operations import Operation

log = structlog.get_logger()


class DeferredWrites:
    """`settled` waits for those under way: before the client is closed, and in tests."""

    def __init__(self, execute: Callable[[Operation[Any]], Awaitable[Any]]) -> None:
        self._execute = execute
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, operation: Operation[Any]) -> None:
        self._tasks.add(task := asyncio.create_task(self._run(operation)))
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _run(self, operation: Operation[Any]) -> None:
        """A condition that does not hold says that the write is no longer wanted."""
        try:
            await self._execute(operation)
        except ConditionFailed:
            pass
        except (Refusal, StoreFault) as fault:
            log.warning("deferred_write_failed", operation=type(operation).__name__, reason=str(fault))
