"""The processes of a run: started on one core, asked what they have cost, and stopped."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

START_SECONDS = 30.0
STOP_SECONDS = 15.0
TICK = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class NotStarted(Exception):  # noqa: N818 - says what went wrong, as everywhere here
    """A process that the bench needs is not there."""


@dataclass(frozen=True)
class Cores:
    """Where things run: the server that is measured on one core, all else on the other."""

    server: int
    load: int

    @classmethod
    def available(cls) -> "Cores":
        cores = sorted(os.sched_getaffinity(0))
        return cls(server=cores[0], load=cores[-1])


@contextmanager
def started(
    command: Sequence[str], *, core: int, port: int, env: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is pinned from its first instruction, listens on `port`, and is stopped at the end."""
    with log.open("wb") as out, pinned(core):
        process = _spawn(command, {**os.environ, **env}, out)
    try:
        _wait_until_listening(process, port=port, log=log)
        yield process
    finally:
        _stop(process)


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Whatever is started meanwhile runs on this core from its first instruction, threads and children too."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_seconds(pid: int, *, children: bool = True) -> float:
    """User and system time so far of a process, all its threads, and its children, the ended ones included."""
    if not children:
        return sum(map(int, _stat(pid)[11:13])) / TICK
    return sum(sum(map(int, _stat(each)[11:15])) for each in _family(pid)) / TICK


def resident_bytes(pid: int) -> int:
    return sum(int(fields[21]) for each in _family(pid) if (fields := _stat(each))) * PAGE_BYTES


def _spawn(command: Sequence[str], env: Mapping[str, str], out: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, env=env, stdout=out, stderr=out, stdin=subprocess.DEVNULL)  # noqa: S603 - our own
    except FileNotFoundError as absent:
        raise NotStarted(f"{command[0]} is not installed, and the bench runs {' '.join(command)}.") from absent


def _wait_until_listening(process: subprocess.Popen[bytes], *, port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    end = log.read_text(errors="replace")[-2000:]
    raise NotStarted(f"{process.args!r} does not listen on port {port}. Its output ends:\n{end}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _family(pid: int) -> list[int]:
    parents = {
        int(entry.name): int(fields[1]) for entry in Path("/proc").glob("[0-9]*") if (fields := _stat(int(entry.name)))
    }
    family = [pid]
    for member in family:  # grows while it is walked
        family += [child for child, parent in parents.items() if parent == member]
    return family


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the third on; none where the process has just ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
