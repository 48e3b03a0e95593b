"""When lines go out, and that a request's line is what structlog would write."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from transport.access_log import RequestLog, configure
from transport.log_lines import LogLines
from transport.metrics import Metrics
from transport.request_record import RequestRecord


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield io.StringIO()
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


async def test_ordinary_lines_are_gathered_and_go_out_soon(stream: io.StringIO) -> None:
    lines = LogLines(stream, 20)
    lines.write_soon("a")
    lines.write_soon("b")
    assert stream.getvalue() == ""
    async with asyncio.timeout(5):
        while not stream.getvalue():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
    assert stream.getvalue() == "a\nb\n"


async def test_a_line_of_structlog_s_goes_out_at_once_and_in_order(stream: io.StringIO) -> None:
    lines = LogLines(stream, 20)
    lines.write_soon("a")
    lines.write("failure")
    assert stream.getvalue() == "a\nfailure\n"


async def test_no_more_is_held_back_than_a_bound(stream: io.StringIO) -> None:
    lines = LogLines(stream, 20)
    for _ in range(2000):
        lines.write_soon("x" * 100)
    assert len(stream.getvalue()) > 160_000


def test_without_a_loop_nothing_is_held_back(stream: io.StringIO) -> None:
    LogLines(stream, 20).write_soon("a")
    assert stream.getvalue() == "a\n"


def test_lines_of_a_loop_that_has_ended_are_not_forgotten(stream: io.StringIO) -> None:
    lines = LogLines(stream, 20)

    async def write() -> None:
        lines.write_soon("a")

    asyncio.run(write())
    asyncio.run(write())
    lines.flush()
    assert stream.getvalue() == "a\na\n"


RECORDS = [
    RequestRecord("r-1"),
    RequestRecord("r-2", "query", "Find", "user-1", ("B", "A", "B")),
    RequestRecord("r-3", "query", "x" * 66, "\ud800"),
]


@pytest.mark.parametrize("record", RECORDS, ids=["refused", "answered", "strange"])
@pytest.mark.parametrize("status", [0, 200])
def test_a_request_s_line_is_what_structlog_would_write(
    stream: io.StringIO, record: RequestRecord, status: int
) -> None:
    log = RequestLog(Metrics())
    configure("info", stream)
    log.note(record, "/graphql", status, 0.0123)
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(stream))
    log.note(record, "/graphql", status, 0.0123)
    short, long = (json.loads(line, object_pairs_hook=_but_for_time) for line in stream.getvalue().splitlines())
    assert short == long


@pytest.mark.parametrize("level", ["warning", "error"])
def test_a_request_s_line_is_left_out_where_its_level_is(stream: io.StringIO, level: str) -> None:
    configure(level, stream)
    RequestLog(Metrics()).note(RECORDS[0], "/graphql", 200, 0.1)
    assert stream.getvalue() == ""


def _but_for_time(pairs: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """In their order; of the time only how it is written."""
    return [(name, len(value) if name == "ts" else value) for name, value in pairs]
