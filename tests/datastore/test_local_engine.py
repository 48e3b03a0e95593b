"""The engine keeps what it acknowledged, comes back when it dies, and has its file to itself."""

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE
from threading import Barrier, Semaphore

import pytest

from datastore import dynoxide, engine_leash
from datastore.dynoxide import EngineFiles
from datastore.errors import EngineFailed
from datastore.local_engine import local_engine
from tests.conftest import plain_client
from tests.datastore.engine_probes import Notes, await_true, engine_process, is_alive, kill_engine, other_server

pytestmark = pytest.mark.skipif(dynoxide.find_program(None) is None, reason="no Dynoxide for this platform")


def test_data_is_there_after_a_stop_and_a_start_on_the_same_port(tmp_path: Path) -> None:
    with local_engine(tmp_path) as engine:
        first = engine
        notes = Notes(engine.endpoint_url)
        notes.create_table()
        assert notes.put(1)
    with local_engine(tmp_path) as engine:
        assert engine == first
        assert engine.durable
        assert Notes(engine.endpoint_url).has(1)


def test_the_engine_is_gone_and_its_file_closed_when_the_server_has_stopped(tmp_path: Path) -> None:
    with local_engine(tmp_path) as engine:
        process = engine_process(tmp_path)
        assert is_alive(process)
        Notes(engine.endpoint_url).create_table()
    assert not is_alive(process)
    assert not (tmp_path / "kv.db-wal").exists()  # checkpointed


def test_the_engine_starts_in_well_under_a_second(tmp_path: Path) -> None:
    began = time.monotonic()
    with local_engine(tmp_path):
        assert time.monotonic() - began < 1


def test_only_the_operator_can_read_the_data(tmp_path: Path) -> None:
    with local_engine(tmp_path / "new"):
        assert S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
        assert S_IMODE((tmp_path / "new" / "kv.db").stat().st_mode) == 0o600


def test_ctrl_c_in_the_terminal_does_not_reach_the_engine(tmp_path: Path) -> None:
    with local_engine(tmp_path):
        assert os.getsid(engine_process(tmp_path)) != os.getsid(0)


def test_a_killed_engine_is_back_on_its_port_and_requests_in_between_fail_at_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with local_engine(tmp_path) as engine:
        notes = Notes(engine.endpoint_url)
        notes.create_table()
        assert notes.put(1)
        killed = kill_engine(tmp_path)
        slowest = _slowest_request_until_back(notes)
        assert notes.has(1)
        assert engine_process(tmp_path) != killed
        assert slowest < 1
    assert "The local engine ended with status -9 and is started again" in caplog.text


def _slowest_request_until_back(notes: Notes) -> float:
    slowest = 0.0
    for number in range(2, 10_000):
        began = time.monotonic()
        acknowledged = notes.put(number)
        slowest = max(slowest, time.monotonic() - began)
        if acknowledged:
            return slowest
    raise AssertionError("the engine did not come back")


@pytest.mark.slow
def test_no_acknowledged_write_is_lost_when_the_engine_is_killed_again_and_again(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    enough = threading.Event()
    with local_engine(tmp_path) as engine:
        notes = Notes(engine.endpoint_url)
        notes.create_table()

        def write() -> None:
            writer = Notes(engine.endpoint_url)
            number = 0
            while not enough.is_set():
                number += 1
                if writer.put(number):
                    acknowledged.append(number)

        thread = threading.Thread(target=write)
        thread.start()
        try:
            for _ in range(4):
                written = len(acknowledged)
                await_true(lambda written=written: len(acknowledged) > written + 30)
                kill_engine(tmp_path)
        finally:
            enough.set()
            thread.join()
        await_true(lambda: notes.has(1))
        assert [number for number in acknowledged if not notes.has(number)] == []
    assert _integrity(tmp_path) == "ok"


def test_a_server_killed_by_force_takes_its_engine_along(tmp_path: Path) -> None:
    with other_server(tmp_path) as (server, endpoint_url):
        Notes(endpoint_url).create_table()
        assert Notes(endpoint_url).put(1)
        process = engine_process(tmp_path)
        server.kill()
        server.wait(10)
        await_true(lambda: not is_alive(process))
    with local_engine(tmp_path) as engine:
        assert engine.endpoint_url == endpoint_url
        assert Notes(engine.endpoint_url).has(1)


def test_an_engine_left_behind_is_ended_by_the_next_start(tmp_path: Path) -> None:
    program = dynoxide.find_program(None)
    assert program
    left = dynoxide.start(program, EngineFiles(tmp_path), 19_999)  # as where the kernel does not end orphans
    with local_engine(tmp_path) as engine:
        assert left.wait(10) == 0
        assert engine_process(tmp_path) != left.pid
        assert dynoxide.running_version(int(engine.endpoint_url.rpartition(":")[2]))


def test_no_two_engines_open_one_file(tmp_path: Path) -> None:
    program = dynoxide.find_program(None)
    assert program
    with local_engine(tmp_path), pytest.raises(EngineFailed, match=r"Another engine has .*kv\.db open"):
        dynoxide.start(program, EngineFiles(tmp_path), 19_998)


def test_a_second_server_uses_the_engine_of_the_first(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with other_server(tmp_path) as (_, endpoint_url):
        process = engine_process(tmp_path)
        with local_engine(tmp_path) as engine:
            assert engine.endpoint_url == endpoint_url
        assert engine_process(tmp_path) == process
        assert is_alive(process)  # the second server's end is not the engine's
    assert "Another server runs the engine" in caplog.text


@pytest.mark.parametrize("ending", [signal.SIGKILL, None], ids=["killed", "stopped"])
def test_the_second_server_takes_over_when_the_first_ends(tmp_path: Path, ending: signal.Signals | None) -> None:
    with other_server(tmp_path) as (server, endpoint_url):
        notes = Notes(endpoint_url)
        notes.create_table()
        assert notes.put(1)
        process = engine_process(tmp_path)
        with local_engine(tmp_path):
            if ending:
                server.send_signal(ending)
            else:
                server.communicate(timeout=10)
            await_true(lambda: engine_process(tmp_path) != process)
            await_true(lambda: notes.has(1))
            successor = engine_process(tmp_path)
        assert not is_alive(successor)
    assert _integrity(tmp_path) == "ok"


def test_servers_that_start_at_the_same_moment_share_one_engine_and_stop_in_any_order(tmp_path: Path) -> None:
    started, order = Barrier(3), Semaphore(0)

    def serve(number: int) -> str:
        with local_engine(tmp_path) as engine:
            started.wait(10)
            if number:
                assert order.acquire(timeout=10)
            endpoint_url = engine.endpoint_url
        order.release()
        return endpoint_url

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(serve, range(3)))) == 1
    assert not is_alive(engine_process(tmp_path))
    assert _integrity(tmp_path) == "ok"


def test_an_engine_that_does_not_start_again_is_tried_until_it_does(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    real = dynoxide.find_program(None)
    program = tmp_path / "program"
    _write_program(program, f'exec "{real}" "$@"')
    with local_engine(tmp_path, program=program) as engine:
        _write_program(program, "echo out of order; exit 3")
        kill_engine(tmp_path)
        await_true(lambda: "The local engine does not start: " in caplog.text)
        assert "out of order" in caplog.text
        _write_program(program, f'exec "{real}" "$@"')
        await_true(lambda: dynoxide.running_version(int(engine.endpoint_url.rpartition(":")[2])))


def _write_program(path: Path, body: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(f"#!/bin/sh\n{body}\n")
    new.chmod(0o755)
    new.replace(path)


def test_a_second_server_says_so_when_the_engine_has_moved(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with other_server(tmp_path) as (_, endpoint_url), local_engine(tmp_path) as engine:
        assert engine.endpoint_url == endpoint_url
        (tmp_path / "engine.port").write_text("20001")
        await_true(lambda: "has moved to another port; restart this server" in caplog.text)


def test_an_owner_whose_engine_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datastore.local_engine._JOIN_SECONDS", 0.2)
    owner = EngineFiles(tmp_path).owner_lock
    assert owner.acquire()
    owner.sign()
    with (
        pytest.raises(EngineFailed, match=rf"process {os.getpid()}.*set KV_DATA_DIR to another directory"),
        local_engine(tmp_path),
    ):
        pass
    owner.release()


def test_a_data_directory_that_is_a_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EngineFailed, match=r"KV_DATA_DIR .*file can't be made"), local_engine(tmp_path / "file"):
        pass


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_data_directory_that_cannot_be_written_to_is_an_error_that_names_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(EngineFailed, match=r"KV_DATA_DIR .* can't be written to"), local_engine(tmp_path):
        pass


def test_a_program_that_is_not_one_is_an_error_that_names_it(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    with pytest.raises(EngineFailed, match=f"KV_DYNOXIDE names {absent}"), local_engine(tmp_path, program=absent):
        pass


def test_a_program_that_ends_at_once_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    _write_program(broken, "echo no such thing >&2; exit 3")
    for _ in range(2):  # the failed start lets go of the directory
        with (
            pytest.raises(EngineFailed, match="ended with status 3: no such thing"),
            local_engine(tmp_path, program=broken),
        ):
            pass


def test_a_program_that_never_answers_is_ended_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datastore.dynoxide._READY_SECONDS", 0.5)
    silent = tmp_path / "silent"
    _write_program(silent, "exec sleep 60")
    with (
        pytest.raises(EngineFailed, match=r"did not answer within .* see .*engine\.log"),
        local_engine(tmp_path, program=silent),
    ):
        pass
    assert not is_alive(engine_process(tmp_path))


def test_an_engine_that_does_not_stop_when_asked_is_ended_by_force() -> None:
    script = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as stubborn:  # noqa: S603 - a constant
        assert stubborn.stdout
        assert stubborn.stdout.readline()
        dynoxide.stop(stubborn, grace_seconds=0.1)
        assert stubborn.returncode == -signal.SIGKILL


def test_the_leash_gives_up_when_the_server_is_gone_already(tmp_path: Path) -> None:
    nobody = "1"
    command = [sys.executable, engine_leash.__file__, str(tmp_path / "lock"), nobody, "/bin/false"]
    assert subprocess.run(command, check=False).returncode == engine_leash.ORPHANED  # noqa: S603 - our own script


def test_a_file_that_is_no_database_is_an_error_and_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kv.db").write_bytes(b"something else entirely" * 100)
    with pytest.raises(EngineFailed, match="not a valid SQLite database"), local_engine(tmp_path):
        pass
    assert (tmp_path / "kv.db").read_bytes().startswith(b"something else")


def test_without_a_program_moto_answers_and_the_log_says_that_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "pdp11")
    with caplog.at_level(logging.WARNING), local_engine(tmp_path) as engine:
        assert engine.name == "moto"
        assert not engine.durable
        assert "TableNames" in plain_client(engine.endpoint_url).list_tables()
    assert "NOTHING WILL BE KEPT" in caplog.text


def _integrity(data_dir: Path) -> str:
    connection = sqlite3.connect(data_dir / "kv.db")
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()
