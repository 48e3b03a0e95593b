"""python server.py as its users start and stop it."""

import os
import signal
import socket
import stat
import time
from pathlib import Path

import pytest

from tests.running_server import ROOT, running_server, start

CREATE = 'mutation { createNamespace(input: { id: "kept" }) { id } }'
PUT = 'mutation { putKey(input: { namespace: "kept", key: "k", value: 1 }) { version } }'
GET = '{ key(namespace: "kept", key: "k") { value } }'


def test_what_was_put_is_there_after_a_restart(tmp_path: Path) -> None:
    with running_server(tmp_path) as first:
        first.ask(CREATE)
        first.ask(PUT)
        assert first.stop() == 0
    with running_server(tmp_path) as second:
        assert second.key == first.key
        assert second.ask(GET) == {"key": {"value": "1"}}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_server_and_its_engine(number: int, tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        server.ask("{ me { userId } }")
        children = _children(server.process.pid)
        assert children
        assert server.stop(number) == 0
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []


def test_the_first_answer_comes_soon_after_the_start(tmp_path: Path) -> None:
    """Some two seconds on an idle machine; this only tells it from one that hangs."""
    began = time.monotonic()
    with running_server(tmp_path) as server:
        server.ask("{ me { userId } }")
        assert time.monotonic() - began < 60


def test_the_admin_key_is_kept_where_only_its_owner_reads_it(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        file = tmp_path / "admin-api-key"
        assert file.read_text().strip() == server.key
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert server.ask("{ me { role } }") == {"me": {"role": "admin"}}


def test_a_port_that_is_taken_is_named_with_the_variable_to_change(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(tmp_path, KV_PORT=str(port))
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f":{port}" in said
    assert "KV_PORT" in said
    assert "Traceback" not in said


def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path) -> None:
    process = start(tmp_path, KV_LOG_LEVEL="loud")
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "KV_LOG_LEVEL" in said
    assert "Traceback" not in said


def test_two_servers_share_a_data_directory(tmp_path: Path) -> None:
    with running_server(tmp_path) as first, running_server(tmp_path) as second:
        first.ask(CREATE)
        first.ask(PUT)
        assert second.ask(GET) == {"key": {"value": "1"}}


def test_an_endpoint_of_the_operators_takes_the_place_of_the_local_engine(tmp_path: Path) -> None:
    with running_server(tmp_path / "first") as first:
        first.ask(CREATE)
        first.ask(PUT)
        with running_server(tmp_path / "second", KV_ENDPOINT_URL=_engine_url(first.process.pid)) as second:
            assert second.ask(GET) == {"key": {"value": "1"}}
            assert _children(second.process.pid) == []


def test_an_engine_that_died_is_back_soon_and_requests_in_between_are_told_to_come_again(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        server.ask(CREATE)
        server.ask(PUT)
        for child in _children(server.process.pid):
            os.kill(child, signal.SIGKILL)
        deadline = time.monotonic() + 60
        answers = []
        while time.monotonic() < deadline:
            answers.append(server.post(GET))
            if "errors" not in answers[-1]:
                break
        assert answers[-1] == {"data": {"key": {"value": "1"}}}
        refusals = [error["errorType"] for answer in answers for error in answer.get("errors", ())]
        assert set(refusals) <= {"ServiceUnavailable"}


def test_make_help_lists_the_targets() -> None:
    targets = {
        line.split(":")[0] for line in (ROOT / "Makefile").read_text().splitlines() if ": " in line and "## " in line
    }
    assert {"help", "run", "test", "check", "bench"} <= targets


def _children(pid: int) -> list[int]:
    """Whichever of its threads started them."""
    lists = [each.read_text().split() for each in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for children in lists for child in children]


def _engine_url(server: int) -> str:
    (engine,) = _children(server)
    arguments = Path(f"/proc/{engine}/cmdline").read_text().split("\0")
    return f"http://127.0.0.1:{arguments[arguments.index('--port') + 1]}"
