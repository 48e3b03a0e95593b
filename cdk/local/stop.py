"""make stop-local: ends the emulator that make deploy-local left running, and nothing else."""

import os
import signal
from pathlib import Path

from cdk.local.deploy import PID_FILE


def main() -> None:
    if not PID_FILE.exists():
        raise SystemExit("There is no emulator of make deploy-local to stop.")
    pid = int(PID_FILE.read_text())
    PID_FILE.unlink()
    if not _is_ours(pid):
        raise SystemExit(f"The emulator with process id {pid} had already ended.")
    os.kill(pid, signal.SIGTERM)
    print(f"Stopped the emulator, process {pid}.")


def _is_ours(pid: int) -> bool:
    """Numbers are given out again: what runs under this one must be the emulator."""
    try:
        return b"cdk/local/shim.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    main()
