"""Where the lines of the log go: ordinary ones are gathered for a moment, since each write is a call of the kernel."""

import asyncio
import threading
from typing import Any, Final, TextIO

_GATHER_SECONDS: Final = 0.05
# What a pipe takes in one piece (POSIX says 512 at least, Linux has this): processes that share one mix no lines.
_PIECE_BYTES: Final = 4096


class LogLines:
    """Serves structlog as its logger too, whose lines go out at once, and before them what was gathered.

    So a failure is never late, and a process that is killed loses a moment's ordinary lines at most.
    """

    def __init__(self, stream: TextIO, level: int) -> None:
        self.level = level
        self._stream = stream
        self._lock = threading.Lock()  # libraries log from threads of their own
        self._gathered: list[str] = []
        self._bytes = 0
        # The loop that will; it is asked for once in a while, since to say which one runs takes a call of the kernel.
        self._flushing: asyncio.AbstractEventLoop | None = None

    def write_soon(self, line: str) -> None:
        """On a loop, within 50 ms; elsewhere at once."""
        if self._bytes + len(line) >= _PIECE_BYTES:
            self.flush()
        with self._lock:
            self._gathered.append(line)
            self._bytes += len(line) + 1
        if self._flushing is None or self._flushing.is_closed():
            self._flush_in_a_moment()

    def _flush_in_a_moment(self) -> None:
        loop = asyncio._get_running_loop()
        if loop is None:
            self.flush()
        else:
            self._flushing = loop
            loop.call_later(_GATHER_SECONDS, self._flush_as_told)

    def write(self, line: str) -> None:
        self.flush()
        with self._lock:
            self._gathered.append(line)
        self.flush()

    def flush(self) -> None:
        with self._lock:
            gathered, self._gathered, self._bytes = self._gathered, [], 0
            if gathered:
                self._stream.write("\n".join(gathered) + "\n")
                self._stream.flush()

    def _flush_as_told(self) -> None:
        self._flushing = None
        self.flush()

    def __call__(self, *_: Any) -> "LogLines":
        """As structlog makes a logger."""
        return self

    debug = info = warning = error = critical = exception = fatal = msg = log = write
