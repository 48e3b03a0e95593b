"""Change records are indexed, and go after a day; the newest of each table stays, for the engine counts on from it."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from datastore import dynoxide
from datastore.local_engine import local_engine
from datastore.stream_records import KEPT_SECONDS, tend_stream_records, trim_stream_records
from tests.datastore.engine_probes import TABLE, Notes, await_true

pytestmark = pytest.mark.skipif(dynoxide.find_program(None) is None, reason="no Dynoxide for this platform")

_FIVE_THOUSAND_OLD_RECORDS = """
WITH RECURSIVE n(value) AS (VALUES(1) UNION ALL SELECT value + 1 FROM n WHERE value < 5000)
INSERT INTO _stream_records (table_name, event_name, keys_json, sequence_number, shard_id, created_at)
SELECT 'gone', 'INSERT', '{}', CAST(value AS TEXT), 'shard', 1 FROM n
"""


def ask(data_dir: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(data_dir / "kv.db", isolation_level=None, timeout=5)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def sequence_numbers(data_dir: Path) -> list[int]:
    rows = ask(data_dir, "SELECT CAST(sequence_number AS INTEGER) FROM _stream_records ORDER BY id")
    return [int(str(row[0])) for row in rows]


def make_older(data_dir: Path, *, by_seconds: int, up_to: int) -> None:
    ask(data_dir, "UPDATE _stream_records SET created_at = created_at - ? WHERE id <= ?", by_seconds, up_to)


@pytest.fixture
def write_notes(tmp_path: Path) -> Callable[[int], None]:
    def write(count: int) -> None:
        with local_engine(tmp_path) as engine:
            notes = Notes(engine.endpoint_url)
            notes.create_table()
            for number in range(count):
                assert notes.put(1000 * count + number)

    return write


def test_the_engine_s_question_for_the_next_number_is_answered_from_the_index(tmp_path: Path) -> None:
    with local_engine(tmp_path):
        question = (
            "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 "
            "FROM _stream_records WHERE table_name = ?"
        )
        assert "USING INDEX _stream_records_sequence" in str(ask(tmp_path, question, TABLE))


def test_records_older_than_a_day_go_at_the_next_start_and_younger_ones_stay(
    tmp_path: Path, write_notes: Callable[[int], None]
) -> None:
    write_notes(10)
    make_older(tmp_path, by_seconds=KEPT_SECONDS + 60, up_to=4)
    make_older(tmp_path, by_seconds=KEPT_SECONDS - 60, up_to=10)
    with local_engine(tmp_path):
        await_true(lambda: sequence_numbers(tmp_path) == [5, 6, 7, 8, 9, 10])


def test_records_that_grow_old_while_the_engine_runs_go_at_the_next_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datastore.stream_records._INTERVAL_SECONDS", 0.05)
    with local_engine(tmp_path) as engine:
        notes = Notes(engine.endpoint_url)
        notes.create_table()
        for number in range(3):
            assert notes.put(number)
        make_older(tmp_path, by_seconds=2 * KEPT_SECONDS, up_to=2)
        await_true(lambda: sequence_numbers(tmp_path) == [3])


def test_a_file_that_cannot_be_trimmed_is_a_warning_and_not_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kv.db").write_bytes(b"something else entirely" * 100)
    with tend_stream_records(tmp_path / "kv.db", "1.2.1"):
        pass
    assert "could not be indexed" in caplog.text


def test_numbers_go_on_when_all_records_are_old(tmp_path: Path, write_notes: Callable[[int], None]) -> None:
    write_notes(5)
    make_older(tmp_path, by_seconds=2 * KEPT_SECONDS, up_to=5)
    with local_engine(tmp_path) as engine:
        await_true(lambda: sequence_numbers(tmp_path) == [5])
        assert Notes(engine.endpoint_url).put(99)
        assert sequence_numbers(tmp_path) == [5, 6]


def test_a_reader_of_the_stream_finds_the_records_that_are_left(
    tmp_path: Path, write_notes: Callable[[int], None]
) -> None:
    write_notes(6)
    make_older(tmp_path, by_seconds=2 * KEPT_SECONDS, up_to=4)
    with local_engine(tmp_path) as engine:
        await_true(lambda: sequence_numbers(tmp_path) == [5, 6])
        streams = boto3.client(
            "dynamodbstreams",
            endpoint_url=engine.endpoint_url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(parameter_validation=False),  # Dynoxide's shard ids are shorter than AWS's
        )
        stream = streams.list_streams(TableName=TABLE)["Streams"][0]["StreamArn"]
        shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
        iterator = streams.get_shard_iterator(StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        records = streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
        assert [record["dynamodb"]["SequenceNumber"] for record in records] == ["5", "6"]


@pytest.mark.slow
def test_many_records_go_in_small_steps_while_the_engine_writes(tmp_path: Path) -> None:
    with local_engine(tmp_path) as engine:
        notes = Notes(engine.endpoint_url)
        notes.create_table()
        ask(tmp_path, _FIVE_THOUSAND_OLD_RECORDS)
        trimming = threading.Thread(
            target=trim_stream_records, args=(tmp_path / "kv.db", time.time() - KEPT_SECONDS, threading.Event())
        )
        trimming.start()
        written = 0
        while trimming.is_alive():
            assert notes.put(written)
            written += 1
        left = ask(tmp_path, "SELECT table_name, COUNT(*) FROM _stream_records GROUP BY 1 ORDER BY 1")
        assert left == [("gone", 1), (TABLE, written)]
    assert ask(tmp_path, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("version", ["1.3.0", None])
def test_an_engine_of_another_version_is_left_alone(
    tmp_path: Path, write_notes: Callable[[int], None], version: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    write_notes(3)
    make_older(tmp_path, by_seconds=2 * KEPT_SECONDS, up_to=3)
    ask(tmp_path, "DROP INDEX _stream_records_sequence")
    with caplog.at_level(logging.INFO), tend_stream_records(tmp_path / "kv.db", version):
        pass
    assert sequence_numbers(tmp_path) == [1, 2, 3]
    assert ask(tmp_path, "SELECT 1 FROM sqlite_master WHERE name = '_stream_records_sequence'") == []
    assert "left alone" in caplog.text


def test_a_table_of_another_shape_is_left_alone(tmp_path: Path, write_notes: Callable[[int], None]) -> None:
    write_notes(3)
    make_older(tmp_path, by_seconds=2 * KEPT_SECONDS, up_to=3)
    ask(tmp_path, "ALTER TABLE _stream_records ADD COLUMN more TEXT")
    with tend_stream_records(tmp_path / "kv.db", "1.2.1"):
        pass
    assert sequence_numbers(tmp_path) == [1, 2, 3]
