"""KV_WORKERS: several processes behind one port, as their users start, hurt and stop them."""

import os
import re
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running_server import Server, running_server, start

ME = "{ me { userId } }"
pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running_server(tmp_path, KV_WORKERS="2") as running:
        until(lambda: len(workers(running.process.pid)) == 2)
        yield running


def test_both_answer_and_the_metrics_are_their_sum(server: Server) -> None:
    until(lambda: all(cpu_after(server, pid) for pid in workers(server.process.pid)))
    before = answered(server)
    for _ in range(20):
        assert server.ask(ME)
    assert {answered(server) - before for _ in range(5)} <= {20 + metrics for metrics in range(6)}


def test_one_that_dies_is_replaced_while_the_other_answers(server: Server) -> None:
    (first, second) = workers(server.process.pid)
    os.kill(first, signal.SIGKILL)
    assert server.ask(ME)
    until(lambda: len(workers(server.process.pid)) == 2 and first not in workers(server.process.pid))
    assert second in workers(server.process.pid)
    assert server.ask(ME)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_of_them(server: Server, number: int) -> None:
    family = workers(server.process.pid)
    assert server.stop(number) == 0
    assert [pid for pid in family if Path(f"/proc/{pid}").exists()] == []


def test_they_end_with_the_process_that_started_them(server: Server) -> None:
    family = workers(server.process.pid)
    server.process.kill()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))


def test_one_that_can_not_start_stops_the_start(tmp_path: Path) -> None:
    documents = tmp_path / "documents.json"
    documents.write_text("[]")
    process = start(tmp_path, KV_WORKERS="2", KV_ALLOWED_DOCUMENTS=str(documents))
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "KV_ALLOWED_DOCUMENTS" in said
    assert "could not start" in said


def answered(server: Server) -> int:
    url = server.url.replace("/graphql", "/metrics")
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 - our own loopback address
        found = re.search(r'kv_http_requests_total\{status="2xx"\} (\d+)', response.read().decode())
    return int(found[1]) if found else 0


def cpu_after(server: Server, pid: int) -> bool:
    """Whether this worker has done something for requests, of which more are sent until it has."""
    before = ticks(pid)
    for _ in range(50):
        server.ask(ME)
    return ticks(pid) > before


def ticks(pid: int) -> int:
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))


def workers(pid: int) -> list[int]:
    lists = [each.read_text().split() for each in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for children in lists for child in children if "spawn_main" in command(child)]


def command(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return ""


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
