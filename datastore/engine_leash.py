"""Run as a script: takes the engine's lock, ties itself to its parent's life, and becomes the engine.

The engine's own process holds the lock, so no two engines can open one file, whatever becomes of the servers.
"""

import ctypes
import fcntl
import os
import signal
import sys

LOCKED = 75  # EX_TEMPFAIL: another engine holds the lock
ORPHANED = 76
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(lock_path: str, parent: int, command: list[str]) -> int:
    die_with_parent()
    if os.getppid() != parent:
        return ORPHANED  # the parent went before we were tied to it
    lock = os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return LOCKED
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    os.set_inheritable(lock, True)
    os.umask(0o077)  # the database is the operator's alone, whatever the directory's mode
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


def die_with_parent() -> None:
    """On Linux the kernel sends SIGTERM when the thread that started us ends; elsewhere the next start does."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
