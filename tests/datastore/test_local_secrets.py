"""Secrets that the first start makes: whole, for the owner alone, the same for all who start."""

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from datastore.cursors import KEY_BYTES
from datastore.local_secrets import kept_secret, new_cursor_key, write_secret


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_secret_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "key"
    assert kept_secret(path, lambda: "first") == "first"
    assert kept_secret(path, lambda: "second") == "first"
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["key"]


def test_a_secret_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("kept\n")
    path.chmod(0o644)
    assert kept_secret(path, lambda: "new") == "kept"
    assert mode(path) == 0o600


def test_two_who_start_at_once_agree(tmp_path: Path) -> None:
    start = Barrier(8)

    def open_one(number: int) -> str:
        start.wait()
        return kept_secret(tmp_path / "key", lambda: f"made by {number}")

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(open_one, range(8)))) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_a_secret_is_replaced_only_where_that_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_secret(path, "one", replace=False)
    with pytest.raises(FileExistsError):
        write_secret(path, "two", replace=False)
    assert path.read_text() == "one\n"
    write_secret(path, "two", replace=True)
    assert path.read_text() == "two\n"
    assert mode(path) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_a_cursor_key_has_the_length_that_cursors_need() -> None:
    assert len(base64.b64decode(new_cursor_key(), validate=True)) == KEY_BYTES
    assert new_cursor_key() != new_cursor_key()
