"""The server as a newcomer starts it: a process of its own, on a fresh data directory."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PROJECT = Path(__file__).parents[2]


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """Its address, until the block ends; its data and its log are in the folder."""
    port = _free_port()
    settings = {"KV_PORT": str(port), "KV_DATA_DIR": str(folder / "data")}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "server.py"], cwd=PROJECT, env={**os.environ, **settings}, stdout=log, stderr=log
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(server, address, folder / "log")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        assert server.poll() is None, f"the server has stopped: {log.read_text()}"
        assert time.monotonic() < deadline, f"the server does not get ready: {log.read_text()}"
        try:
            with urlopen(f"{address}/readyz", timeout=5):  # noqa: S310 - an address of our own
                return
        except (URLError, ConnectionError):
            time.sleep(0.05)
