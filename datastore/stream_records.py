"""Two things that Dynoxide 1.2.1 leaves undone about its change records: an index, and forgetting after 24 hours.

Both write to the engine's SQLite file while the engine runs. docs/decisions/0002-local-engine.md says why that is safe.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

_LOG = logging.getLogger(__name__)

KEPT_SECONDS = 24 * 3600  # as long as DynamoDB keeps them
_INTERVAL_SECONDS = 3600.0
_BATCH = 500  # each a transaction of a few milliseconds, which is as long as the engine may have to wait
_PAUSE_SECONDS = 0.02
_KNOWN_VERSIONS = ("1.2.1",)
_KNOWN_COLUMNS = (
    ("id", "INTEGER"),
    ("table_name", "TEXT"),
    ("event_name", "TEXT"),
    ("keys_json", "TEXT"),
    ("new_image", "TEXT"),
    ("old_image", "TEXT"),
    ("sequence_number", "TEXT"),
    ("shard_id", "TEXT"),
    ("created_at", "INTEGER"),
    ("user_identity", "TEXT"),
)

# For each write the engine asks for a table's highest sequence number, and without this reads all its records.
_INDEX = """
CREATE INDEX IF NOT EXISTS _stream_records_sequence
ON _stream_records(table_name, CAST(sequence_number AS INTEGER))
"""

# The newest record of each table stays: the engine counts on from it, and would begin again at 1.
_TRIM = """
DELETE FROM _stream_records
WHERE id BETWEEN ? AND ? AND CAST(sequence_number AS INTEGER) < (
    SELECT MAX(CAST(newer.sequence_number AS INTEGER))
    FROM _stream_records AS newer WHERE newer.table_name = _stream_records.table_name)
"""


@contextmanager
def tend_stream_records(database: Path, version: str | None) -> Iterator[None]:
    """Make the index, then trim now and every hour, for as long as the engine runs."""
    stopped = threading.Event()
    tending = threading.Thread(target=_trim_hourly, args=(database, stopped), name="engine-streams", daemon=True)
    if _prepare(database, version):
        tending.start()
    try:
        yield
    finally:
        stopped.set()
        if tending.ident is not None:
            tending.join()


def trim_stream_records(database: Path, before: float, stopped: threading.Event) -> int:
    """Delete records made before a time, in small transactions; returns how many went."""
    trimmed = 0
    with _open(database) as connection:
        last = -1
        while not stopped.is_set():
            rows = connection.execute(
                "SELECT id, created_at FROM _stream_records WHERE id > ? ORDER BY id LIMIT ?", (last, _BATCH)
            ).fetchall()
            old = list(takewhile(lambda row: row[1] < before, rows))
            if old:
                trimmed += connection.execute(_TRIM, (old[0][0], old[-1][0])).rowcount
                last = old[-1][0]
            if len(old) < _BATCH:
                break
            stopped.wait(_PAUSE_SECONDS)
    return trimmed


def _trim_hourly(database: Path, stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            trimmed = trim_stream_records(database, time.time() - KEPT_SECONDS, stopped)
        except sqlite3.Error as failure:
            _LOG.warning("Change records older than a day were not removed, next try in an hour: %s", failure)
        else:
            _LOG.debug("Removed %d change records older than a day.", trimmed)
        stopped.wait(_INTERVAL_SECONDS)


def _prepare(database: Path, version: str | None) -> bool:
    """Make the index; False if this engine's records are not the ones known here."""
    try:
        with _open(database) as connection:
            columns = tuple(row[1:3] for row in connection.execute("PRAGMA table_info(_stream_records)"))
            if version in _KNOWN_VERSIONS and columns == _KNOWN_COLUMNS:
                connection.execute(_INDEX)
                return True
    except sqlite3.Error as failure:
        _LOG.warning("Change records could not be indexed; writes become slower as they grow: %s", failure)
    else:
        _LOG.info("Dynoxide %s is not known here; its change records are left alone.", version)
    return False


@contextmanager
def _open(database: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=5)
    try:
        connection.execute("PRAGMA wal_autocheckpoint = 0")  # only the engine checkpoints: see the decision
        connection.execute("PRAGMA synchronous = NORMAL")  # a trimming lost with the power is done again
        yield connection
    finally:
        connection.close()
