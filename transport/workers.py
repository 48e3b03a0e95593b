"""Processes that serve one port together: started again where one dies, and drained together."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event
from typing import Any, Final

import structlog

from datastore.errors import StartFailed
from transport.serving import GRACEFUL_SECONDS

_RESTART_SECONDS: Final = 1
_END_SECONDS: Final = GRACEFUL_SECONDS + 5


class Workers:
    """`work(row, serving, *arguments)` is run in each, with its number, and an event to set once it serves."""

    def __init__(self, work: Callable[..., None], *arguments: Any, count: int) -> None:
        # Started from nothing, as a fork would take over whatever locks the threads of this process hold.
        self._context = multiprocessing.get_context("spawn")
        self._serving: Event = self._context.Event()
        self._work = work
        self._arguments = arguments
        self._running: dict[int, tuple[SpawnProcess, float]] = {}
        self._count = count

    def run(self) -> None:
        """Until an exception, such as a signal's handler raises. Raises StartFailed where none has ever served."""
        try:
            for row in range(self._count):
                self._start(row)
            while True:
                self._replace(wait([worker.sentinel for worker, _ in self._running.values()]))
        finally:
            self._end()

    def _replace(self, ended: list[Any]) -> None:
        for row, (worker, since) in list(self._running.items()):
            if worker.sentinel in ended:
                worker.join()
                if not self._serving.is_set():
                    raise StartFailed("a worker has ended before it could serve; what it said stands above.")
                structlog.get_logger().error("worker_ended", worker=row, exit_code=worker.exitcode)
                time.sleep(max(0, since + _RESTART_SECONDS - time.monotonic()))
                self._start(row)

    def _start(self, row: int) -> None:
        worker = self._context.Process(target=_run, args=(self._work, row, self._serving, self._arguments), daemon=True)
        worker.start()
        self._running[row] = worker, time.monotonic()

    def _end(self) -> None:
        for worker, _ in self._running.values():
            worker.terminate()
        deadline = time.monotonic() + _END_SECONDS
        for worker, _ in self._running.values():
            worker.join(max(0, deadline - time.monotonic()))
            if worker.exitcode is None:
                worker.kill()


def _run(work: Callable[..., None], row: int, serving: Event, arguments: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    work(row, serving, *arguments)


def _end_with_parent() -> None:
    """Nobody would start this process again, or stop it, once the one that started it has been killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
