"""Who owns a data directory: one server starts and watches the engine, the others use it."""

import fcntl
import os
import secrets
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

from datastore.errors import EngineFailed

# Outside the ephemeral ranges of Linux and macOS: there, a client that connects again and again to a port whose
# listener is gone can be given that same port as its own, and then talks to itself.
_PORTS = range(20_000, 32_000)
_POLL_SECONDS = 0.01
_GRACE_SECONDS = 5.0


class FileLock:
    """An exclusive flock on a file that names its holder's process; the kernel lets go of it when that process dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def sign(self) -> None:
        self.path.write_text(str(os.getpid()))

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> int | None:
        return read_number(self.path)

    def end_holder(self) -> None:
        """End the process that holds the lock: first by asking it, then by force.

        Its id can't have gone to a stranger: as long as the lock is held, the process that wrote it lives.
        """
        if self._comes_free(within=0):
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            _signal(self.holder(), number)
            if self._comes_free(within=_GRACE_SECONDS):
                return
        raise EngineFailed(f"Process {self.holder()} holds {self.path} and can't be ended; end it, then start again.")

    def _comes_free(self, *, within: float) -> bool:
        deadline = time.monotonic() + within
        while not self.acquire():
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_SECONDS)
        self.release()
        return True


def read_number(path: Path) -> int | None:
    try:
        return int(path.read_text() or "0") or None
    except (FileNotFoundError, ValueError):
        return None


def choose_port(preferred: int | None) -> int:
    """The port of the last start where it is free, so that a server which still knows it finds the engine again."""
    candidates = (preferred, *(secrets.choice(_PORTS) for _ in range(100)))
    for port in candidates:
        if port and _is_free(port):
            return port
    raise EngineFailed(f"No free port for the local engine between {_PORTS.start} and {_PORTS.stop}.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _signal(process: int | None, number: signal.Signals) -> None:
    if process is not None:
        with suppress(ProcessLookupError):  # it has just gone by itself
            os.kill(process, number)
