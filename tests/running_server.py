"""python server.py as a child process, as `make run` starts it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
START_SECONDS = 90


@dataclass
class Server:
    """A server on a port of its own; `lines` is what it has printed so far."""

    process: subprocess.Popen[str]
    port: int
    key: str
    lines: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    def ask(self, query: str, /, **variables: Any) -> Any:
        """The data of an answer without errors."""
        body = self.post(query, **variables)
        assert "errors" not in body, body
        return body["data"]

    def post(self, query: str, /, **variables: Any) -> Any:
        text = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"content-type": "application/json", "x-api-key": self.key}
        request = urllib.request.Request(self.url, text, headers)  # noqa: S310 - our own loopback address
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                return json.load(response)
        except urllib.error.HTTPError as refused:
            with refused:
                return json.load(refused)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@contextmanager
def running_server(data_dir: Path, **variables: str) -> Iterator[Server]:
    """Started when it has printed its API key; killed on the way out if it has not ended by then."""
    process = start(data_dir, **variables)
    try:
        yield _started(process)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)
        assert process.stdout is not None
        process.stdout.close()


def start(data_dir: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KV_")}
    environment = kept | {"KV_DATA_DIR": str(data_dir), "KV_PORT": "0", "PYTHONUNBUFFERED": "1"} | variables
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "server.py", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _started(process: subprocess.Popen[str]) -> Server:
    assert process.stdout is not None
    lines: list[str] = []
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        if not line:
            raise AssertionError(f"the server ended with {process.wait()}: {''.join(lines)}")
        lines.append(line)
        if line.startswith("API key"):
            port = next(int(each.split("/graphql")[0].rpartition(":")[2]) for each in lines if "/graphql" in each)
            return Server(process, port, line.split()[2], lines)
    raise AssertionError(f"the server did not start: {''.join(lines)}")
