"""The program Dynoxide, a DynamoDB engine on SQLite: where it is, how it is started, when it answers."""

import http.client
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from datastore import engine_leash
from datastore.engine_lock import FileLock
from datastore.errors import EngineFailed

HOST = "127.0.0.1"
_PROJECT = Path(__file__).resolve().parent.parent
_ARCHITECTURES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_READY_SECONDS = 10.0
_POLL_SECONDS = 0.005


@dataclass(frozen=True)
class EngineFiles:
    """What the engine keeps in a data directory."""

    directory: Path

    @property
    def database(self) -> Path:
        return self.directory / "kv.db"

    @property
    def log(self) -> Path:
        return self.directory / "engine.log"

    @property
    def port(self) -> Path:
        return self.directory / "engine.port"

    @property
    def owner_lock(self) -> FileLock:
        """Held by the server that starts and watches the engine."""
        return FileLock(self.directory / "engine.owner")

    @property
    def engine_lock(self) -> FileLock:
        """Held by the engine itself for as long as it has the database open."""
        return FileLock(self.directory / "engine.pid")


def find_program(chosen: Path | None) -> Path | None:
    """The program to run, or None where there is none for this platform; a wrong choice is an error."""
    if chosen is not None:
        if not os.access(chosen, os.X_OK) or chosen.is_dir():
            raise EngineFailed(f"KV_DYNOXIDE names {chosen}, which is not a program; correct or unset it.")
        return chosen.resolve()
    architecture = _ARCHITECTURES.get(platform.machine().lower(), platform.machine())
    installed = _PROJECT / "node_modules" / "@dynoxide" / f"{sys.platform}-{architecture}" / "dynoxide"
    return installed if os.access(installed, os.X_OK) else None


def start(program: Path, files: EngineFiles, port: int) -> subprocess.Popen[bytes]:
    """Start the engine and wait until it answers.

    The engine ends with the thread that calls this, so that thread has to outlive it.
    """
    with files.log.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and the program that the operator installed
            _command(program, files, port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for the server, which still needs the engine to finish
        )
    _await_answer(process, files, port)
    return process


def _command(program: Path, files: EngineFiles, port: int) -> list[str]:
    # Without -S and -I Python would take three times as long to start, and could load code from the directory.
    leash = [sys.executable, "-I", "-S", engine_leash.__file__, str(files.engine_lock.path), str(os.getpid())]
    engine = [str(program), "serve", "--host", HOST, "--port", str(port), "--db-path", str(files.database)]
    return leash + engine


def _environment() -> dict[str, str]:
    """The operator's, without credentials and settings that are none of the engine's business."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "KV_"))}
    return kept | {"RUST_LOG": "error"}


def _await_answer(process: subprocess.Popen[bytes], files: EngineFiles, port: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        status = process.poll()
        if status == engine_leash.LOCKED:
            raise EngineFailed(f"Another engine has {files.database} open.")
        if status is not None:
            raise EngineFailed(f"The local engine ended with status {status}: {tail(files.log)}")
        if running_version(port):
            return
        time.sleep(_POLL_SECONDS)
    process.kill()
    process.wait()
    raise EngineFailed(f"The local engine did not answer within {_READY_SECONDS:.0f} s; see {files.log}.")


def running_version(port: int) -> str | None:
    """The version of the Dynoxide that answers on a port, or None."""
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/")
        return connection.getresponse().getheader("x-dynoxide-version")
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def tail(log: Path) -> str:
    """The last words of an engine, for a message."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    words = [line for line in lines if line and not line.startswith("Dynoxide listening")]
    return " ".join(words[-3:]) or "it said nothing"


def stop(process: subprocess.Popen[bytes], *, grace_seconds: float = 5.0) -> None:
    """Ask the engine to finish what it is doing and close its file; after the grace, end it."""
    process.terminate()
    try:
        process.wait(grace_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
