"""The engine behind a server on a laptop: started with it, watched, stopped with it."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from datastore import dynoxide
from datastore.dynoxide import EngineFiles
from datastore.engine_lock import FileLock, choose_port, read_number
from datastore.engine_supervisor import Supervisor
from datastore.errors import EngineFailed

_LOG = logging.getLogger(__name__)
_JOIN_SECONDS = 10.0
_JOIN_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Engine:
    """A DynamoDB endpoint; `durable`: what it acknowledges is there after a restart."""

    name: str
    endpoint_url: str
    durable: bool


@contextmanager
def local_engine(data_dir: Path, *, program: Path | None = None) -> Iterator[Engine]:
    """An engine that keeps its file in `data_dir`; shared if another server runs one there already.

    `program` is the operator's own Dynoxide; without it the one that npm installed is used, and without that, moto.
    """
    found = dynoxide.find_program(program)
    if found is None:
        with _forgetful_engine(data_dir) as engine:
            yield engine
        return
    supervisor, port = _supervise(found, _open_directory(data_dir))
    try:
        yield Engine(f"Dynoxide {dynoxide.running_version(port)}", f"http://{dynoxide.HOST}:{port}", durable=True)
    finally:
        supervisor.stop()


def _open_directory(data_dir: Path) -> EngineFiles:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as failure:
        raise EngineFailed(f"KV_DATA_DIR {data_dir} can't be made ({failure.strerror}); name another.") from failure
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise EngineFailed(f"KV_DATA_DIR {data_dir} can't be written to; allow it, or name another.")
    return EngineFiles(data_dir.resolve())


def _supervise(program: Path, files: EngineFiles) -> tuple[Supervisor, int]:
    lock = files.owner_lock
    deadline = time.monotonic() + _JOIN_SECONDS
    while time.monotonic() < deadline:
        owns = lock.acquire()
        port = _port_to_own(files, lock) if owns else _port_to_join(files)
        if port is not None:
            supervisor = Supervisor(program, files, port, lock, owns=owns)
            supervisor.start()
            return supervisor, port
        time.sleep(_JOIN_POLL_SECONDS)
    raise EngineFailed(
        f"Another server (process {lock.holder()}) runs the engine of {files.directory}, which does not answer. "
        "Stop that server, or set KV_DATA_DIR to another directory."
    )


def _port_to_own(files: EngineFiles, lock: FileLock) -> int:
    lock.sign()
    files.engine_lock.end_holder()  # an engine whose server was killed still has the file, and perhaps the port
    port = choose_port(read_number(files.port))
    files.port.write_text("")  # until this engine answers, nobody should follow the last one's number
    return port


def _port_to_join(files: EngineFiles) -> int | None:
    port = read_number(files.port)
    if port is None or dynoxide.running_version(port) is None:
        return None
    _LOG.warning("Another server runs the engine of %s; this one uses it too.", files.directory)
    return port


@contextmanager
def _forgetful_engine(data_dir: Path) -> Iterator[Engine]:
    from datastore.moto_engine import moto_engine  # takes a second to import, and is hardly ever needed

    _LOG.warning(
        "There is no Dynoxide for this platform (npm install brings it, or KV_DYNOXIDE names it): "
        "NOTHING WILL BE KEPT when this server stops, and what is in %s is not used.",
        data_dir,
    )
    with moto_engine() as endpoint_url:
        yield Engine("moto", endpoint_url, durable=False)
