"""make stop-local: ends the emulator that make deploy-local left running, and nothing else."""

import os
import signal
from pathlib import Path

from cdk.local.deploy import FOLDER, PID_FILE


def main() -> None:
    print(stop(FOLDER))


def stop(folder: Path) -> str:
    """What was done. The process has got the signal, and ends within a second."""
    noted = folder / PID_FILE
    if not noted.exists():
        return "There is no emulator of make deploy-local to stop."
    pid = int(noted.read_text())
    noted.unlink()
    if not _is_ours(pid):
        return f"The emulator, process {pid}, had already ended."
    os.kill(pid, signal.SIGTERM)
    return f"Stopped the emulator, process {pid}."


def _is_ours(pid: int) -> bool:
    """Numbers are given out again: what runs under this one must be the emulator."""
    try:
        return b"cdk/local/shim.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    main()
