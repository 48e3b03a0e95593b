"""Keeps one engine running on one port for as long as a server needs it."""

import logging
import subprocess
import threading
import time
from pathlib import Path

from datastore import dynoxide
from datastore.dynoxide import EngineFiles
from datastore.engine_lock import FileLock, read_number
from datastore.errors import EngineFailed
from datastore.stream_records import tend_stream_records

_LOG = logging.getLogger(__name__)
_FIRST_DELAY, _LONGEST_DELAY = 0.05, 5.0
_STEADY_SECONDS = 30.0  # an engine that ran for so long starts again with the first delay
_TAKEOVER_POLL_SECONDS = 0.2


class Supervisor:
    """A thread that owns the engine, or waits to take it over from the server that does."""

    def __init__(self, program: Path, files: EngineFiles, port: int, owner_lock: FileLock, *, owns: bool) -> None:
        self._program = program
        self._files = files
        self._port = port
        self._owner_lock = owner_lock
        self._owns = owns
        self._process: subprocess.Popen[bytes] | None = None
        self._failure: EngineFailed | None = None
        self._started = threading.Event()
        self._stopping = threading.Event()
        self._changing = threading.Lock()  # between starting an engine and being told to stop
        self._thread = threading.Thread(target=self._run, name="engine-supervisor", daemon=True)

    def start(self) -> None:
        """Returns when the engine answers; raises if the first start fails."""
        self._thread.start()
        self._started.wait()
        if self._failure:
            self.stop()
            raise self._failure

    def stop(self) -> None:
        self._stopping.set()
        with self._changing:
            if self._process:
                dynoxide.stop(self._process)
        self._thread.join()
        self._owner_lock.release()

    def _run(self) -> None:
        # Engines are started in this thread only: the kernel ends them with the thread that started them.
        if not self._owns and not self._wait_for_ownership():
            return
        delay = _FIRST_DELAY
        while not self._stopping.is_set():
            began = time.monotonic()
            if not self._serve_once():
                return
            delay = _FIRST_DELAY if time.monotonic() - began > _STEADY_SECONDS else min(delay * 2, _LONGEST_DELAY)
            self._stopping.wait(delay)

    def _wait_for_ownership(self) -> bool:
        self._started.set()
        while not self._stopping.wait(_TAKEOVER_POLL_SECONDS):
            if self._owner_lock.acquire():
                self._owner_lock.sign()
                _LOG.warning("The server that ran the local engine is gone; this one runs it now.")
                return True
            if read_number(self._files.port) not in (self._port, None):
                _LOG.error("The local engine has moved to another port; restart this server.")
                return False
        return False

    def _serve_once(self) -> bool:
        """One engine from start to end; False if there should be no next one."""
        try:
            process = self._launch()
        except EngineFailed as failure:
            return self._report(failure)
        if process is None:
            return False
        with tend_stream_records(self._files.database, dynoxide.running_version(self._port)):
            self._started.set()
            status = process.wait()
        if self._stopping.is_set():
            return False
        last_words = dynoxide.tail(self._files.log)
        _LOG.warning("The local engine ended with status %s and is started again: %s", status, last_words)
        return True

    def _launch(self) -> subprocess.Popen[bytes] | None:
        with self._changing:
            if self._stopping.is_set():
                return None
            try:
                self._files.engine_lock.end_holder()
                self._process = dynoxide.start(self._program, self._files, self._port)
                self._files.port.write_text(str(self._port))
            except OSError as failure:  # a full disk, a directory that has gone
                raise EngineFailed(f"{self._files.directory}: {failure}") from failure
            return self._process

    def _report(self, failure: EngineFailed) -> bool:
        if self._started.is_set():
            _LOG.error("The local engine does not start: %s", failure)
            return True
        self._failure = failure
        self._started.set()
        return False
