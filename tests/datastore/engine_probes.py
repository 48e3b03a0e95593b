"""What the tests of the local engine look at and do: its process, its port, its tables, another server beside it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ConnectionError as Unreachable
from botocore.exceptions import HTTPClientError

from datastore.provisioning import create_tables
from datastore.tables import KV_STORAGE_DATA

TABLE = KV_STORAGE_DATA.name
_PROJECT = Path(__file__).resolve().parent.parent.parent


def await_true(condition: Callable[[], Any], *, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.01)


def engine_process(data_dir: Path) -> int:
    """0 in the moment between an engine's taking the lock and its signing."""
    return int((data_dir / "engine.pid").read_text() or 0)


def kill_engine(data_dir: Path) -> int:
    process = engine_process(data_dir)
    assert process  # 0 would be all of our own processes
    os.kill(process, signal.SIGKILL)
    return process


def is_alive(process: int) -> bool:
    """A zombie, which nobody has waited for yet, counts as dead."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat")
        return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")
    except (ProcessLookupError, FileNotFoundError):
        return False


def impatient_client(endpoint_url: str) -> BaseClient:
    """One try, short timeouts: shows what the engine does, not what retries make of it."""
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1}),
    )


class Notes:
    """Numbered items in the main table."""

    def __init__(self, endpoint_url: str) -> None:
        self._client = impatient_client(endpoint_url)

    def create_table(self) -> None:
        create_tables(self._client, tables=[KV_STORAGE_DATA])

    def put(self, number: int) -> bool:
        """Whether it was acknowledged."""
        try:
            self._client.put_item(TableName=TABLE, Item=self._key(number))
        except (Unreachable, HTTPClientError):
            return False
        return True

    def has(self, number: int) -> bool:
        try:
            return "Item" in self._client.get_item(TableName=TABLE, Key=self._key(number), ConsistentRead=True)
        except (Unreachable, HTTPClientError):
            return False

    @staticmethod
    def _key(number: int) -> Mapping[str, Any]:
        return {"PK": {"S": "notes"}, "SK": {"S": f"{number:06}"}}


@contextmanager
def other_server(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its endpoint; ended cleanly unless the test has ended it."""
    script = _PROJECT / "tests" / "datastore" / "engine_owner.py"
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, str(script), str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(_PROJECT)},
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            yield server, server.stdout.readline().strip()
        finally:
            if server.poll() is None:
                server.communicate(timeout=10)
