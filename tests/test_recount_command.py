"""`make recount`: python recount.py as a process of its own, on the engine and the tables that a server uses."""

import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient

from datastore.access_patterns import AccessPattern
from datastore.attribute_values import tag_item
from datastore.entities.user import UserEntity
from datastore.grants import Grant, NamespaceRole
from datastore.local_engine import local_engine
from datastore.provisioning import create_tables
from tests.conftest import plain_client
from tests.datastore.stores import MOMENT, item_of
from tests.running_server import ROOT

pytestmark = pytest.mark.slow

USERS = ("ada", "bob", "cid")
DRIFT = r"{}: namespaces \+1; {}-notes keys \+2 bytes \+\d+"


@pytest.fixture
def engine_of_nothing(tmp_path: Path) -> Iterator[BaseClient]:
    """It is this process's, as it would be a server's; the recount joins it."""
    with local_engine(tmp_path) as engine:
        yield plain_client(engine.endpoint_url)


@pytest.fixture
def drifted(engine_of_nothing: BaseClient) -> BaseClient:
    """Three users with a namespace of two keys each, of which user-quotas knows nothing."""
    create_tables(engine_of_nothing, {})
    for user_id in USERS:
        grant = Grant(user_id, f"{user_id}-notes", NamespaceRole.OWNER)
        place = AccessPattern.GET_GRANT.key(user_id=user_id, namespace=grant.namespace).attributes()
        owns = {"entityType": "NAMESPACE", "namespace": grant.namespace, "userId": user_id, "role": "OWNER"}
        put(engine_of_nothing, UserEntity.new(user_id, MOMENT).to_item())
        put(engine_of_nothing, place | owns | {"status": "ACTIVE", "createdAt": MOMENT, "updatedAt": MOMENT})
        for key in ("first", "second"):
            put(engine_of_nothing, item_of(key, grant, value="1"))
    return engine_of_nothing


def put(client: BaseClient, item: Any) -> None:
    client.put_item(TableName="kv-storage-data", Item=tag_item(item))


def stored(client: BaseClient, user_id: str) -> tuple[int, int, int]:
    """Namespaces, keys and bytes, as user-quotas has them."""
    items = client.scan(TableName="user-quotas", ConsistentRead=True)["Items"]
    mine = [item for item in items if item["PK"]["S"] == f"USER#{user_id}"]
    names = ("namespaces", "keys", "storageBytes")
    namespaces, keys, size = (sum(int(item[name]["N"]) for item in mine if name in item) for name in names)
    return namespaces, keys, size


def environment(data_dir: Path, **variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KV_", "MAKE", "MFLAGS"))}
    return kept | {"KV_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"} | variables


def recount(data_dir: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "recount.py", *arguments],
        cwd=ROOT,
        env=environment(data_dir, **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Its status, and what it has said on either stream, but for whose engine it uses."""
    said, complained = process.communicate(timeout=120)
    lines = complained.splitlines(keepends=True)
    return process.returncode, said, "".join(line for line in lines if not line.startswith("Another server runs"))


def test_what_was_wrong_is_told_and_put_right_and_then_nothing_is_wrong(drifted: BaseClient, tmp_path: Path) -> None:
    status, said, complained = end(recount(tmp_path))
    assert (status, complained) == (0, "")  # nobody watches: no progress bar
    engine, *lines, last = said.splitlines()
    assert engine.startswith("Engine")
    for user_id, line in zip(USERS, lines, strict=True):
        assert re.fullmatch(DRIFT.format(user_id, user_id), line)
    assert last == "Users counted: 3; put right: 3."
    for user_id, line in zip(USERS, lines, strict=True):
        assert stored(drifted, user_id) == (1, 2, int(line.rpartition("+")[2]))
    status, said, _ = end(recount(tmp_path))
    assert (status, said.splitlines()[1:]) == (0, ["Users counted: 3; put right: 0."])


@pytest.mark.parametrize(("number", "status"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 1)])
def test_one_that_was_stopped_is_gone_on_with(drifted: BaseClient, tmp_path: Path, number: int, status: int) -> None:
    place = tmp_path / "recount"
    first = recount(tmp_path)
    until(lambda: first.poll() is not None or (place.exists() and place.read_text()))
    first.send_signal(number)
    ended, said, complained = end(first)
    assert ended == status
    assert complained == ("" if number == signal.SIGKILL else "Stopped; the next recount goes on from here.\n")
    ended, rest, _ = end(recount(tmp_path))
    assert (ended, place.exists()) == (0, False)
    *told, last = rest.splitlines()[1:]
    counted = [user_id for user_id in USERS if any(line.startswith(f"{user_id}: ") for line in told)]
    assert last == f"Users counted: {len(counted)}; put right: {len(counted)}."
    assert 0 < len(counted) < len(USERS)
    assert all(f"{user_id}: " in said + rest for user_id in USERS)
    assert [stored(drifted, user_id)[:2] for user_id in USERS] == [(1, 2)] * 3


def test_on_a_terminal_a_bar_shows_how_many_users_have_been_counted(drifted: BaseClient, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    process = subprocess.Popen(
        [sys.executable, "recount.py"], cwd=ROOT, env=environment(tmp_path, TERM="xterm"), stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # as a terminal ends
        while piece := os.read(ours, 4096):
            shown += piece
    os.close(ours)
    assert process.wait(timeout=30) == 0
    assert re.search(rb"Users: 3 .*Users counted: 3; put right: 3.", shown, re.DOTALL)


def test_make_runs_it_and_fails_as_it_does(engine_of_nothing: BaseClient, tmp_path: Path) -> None:
    """With what is installed here."""
    command = ["make", "--silent", "--assume-old=.venv/installed", f"BIN={Path(sys.executable).parent}", "recount"]
    run = subprocess.run(  # noqa: S603 - our own Makefile
        command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 2
    assert "The recount could not go on: The table kv-storage-data" in run.stderr


def test_without_tables_it_says_so_and_makes_none(engine_of_nothing: BaseClient, tmp_path: Path) -> None:
    status, said, complained = end(recount(tmp_path))
    assert status == 1
    assert complained.startswith("The recount could not go on: ")
    assert "kv-storage-data" in complained
    assert "Traceback" not in said + complained
    assert engine_of_nothing.list_tables()["TableNames"] == []


def test_an_engine_that_is_not_there_and_a_wrong_setting_are_told(tmp_path: Path) -> None:
    for variables, told in (
        ({"KV_ENDPOINT_URL": "http://127.0.0.1:1"}, "The recount could not go on: "),
        ({"KV_REGION": "NOWHERE"}, "KV_REGION"),
    ):
        status, said, complained = end(recount(tmp_path, **variables))
        assert (status, told in complained, "Traceback" in said + complained) == (1, True, False)


def test_help_says_what_it_is_and_does_nothing(tmp_path: Path) -> None:
    status, said, complained = end(recount(tmp_path, "--help"))
    assert (status, complained) == (0, "")
    assert said.startswith("usage: python recount.py")
    assert "puts their quotas right" in said
    assert "KV_DATA_DIR" in said
    assert list(tmp_path.iterdir()) == []


def until(condition: Any) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
