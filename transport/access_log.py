"""One JSON line for each request, and the same form for all that the process logs."""

import atexit
import json
import logging
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import perf_counter, time
from typing import Any, Final, TextIO

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transport.health import HEALTH_PATHS
from transport.log_lines import LogLines
from transport.metrics import Metrics
from transport.request_record import RequestRecord, start_record

_LONGEST_NAME: Final = 65


class RequestLog:
    """What is told of each request, by the log and by the metrics."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._second = 0, ""

    def note(self, record: RequestRecord, path: str, status: int, seconds: float) -> None:
        if path not in HEALTH_PATHS:
            self._metrics.count_request(status, seconds, operation_type=record.operation_type, codes=record.codes)
        line = _line(record)
        line["status"], line["duration_ms"] = status or None, round(seconds * 1000, 1)
        lines = structlog.get_config()["logger_factory"]
        if path in HEALTH_PATHS:
            structlog.get_logger().debug("request", **line)
        elif isinstance(lines, LogLines):
            self._write(line, lines)
        else:  # as in a test that captures what is logged
            structlog.get_logger().info("request", **line)

    def _write(self, line: dict[str, Any], lines: LogLines) -> None:
        """As structlog with configure's processors would, for a quarter of its work."""
        if lines.level <= logging.INFO:
            line["event"], line["level"], line["ts"] = "request", "info", self._timestamp(time())
            lines.write_soon(_dumps(line, str))

    def _timestamp(self, now: float) -> str:
        """The ISO 8601 text of structlog, of which most is the same for a second."""
        second = int(now)
        if self._second[0] != second:
            self._second = second, datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._second[1]}.{int((now - second) * 1e6):06}Z"


class AccessLog:
    """Outermost: it sees the status that went out, whoever decided it. Never a header, a value or a document."""

    def __init__(self, app: ASGIApp, *, log: RequestLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                start_record(scope)  # its lines have a request id too; its operations are counted where they run
            await self._app(scope, receive, send)
            return
        record, started, status = start_record(scope), perf_counter(), 0

        async def send_noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        finally:
            self._log.note(record, scope["path"], status, perf_counter() - started)


def configure(level: str, stream: TextIO = sys.stdout) -> LogLines:
    """Makes every line of the process one JSON object, those of libraries too."""
    lines = LogLines(stream, _number(level))
    atexit.register(lines.flush)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lines,
        cache_logger_on_first_use=False,
    )
    # Less than a warning of a library may hold addresses, requests and values.
    logging.basicConfig(handlers=[_ToStructlog()], level=max(logging.WARNING, _number(level)), force=True)
    return lines


def _dumps(line: Mapping[str, Any], default: Callable[[Any], Any]) -> str:
    try:
        return orjson.dumps(line, default=default).decode()
    except TypeError:  # half of a surrogate pair, which a library may log and UTF-8 can't hold
        return json.dumps(line, default=default)


class _ToStructlog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)


def _line(record: RequestRecord) -> dict[str, Any]:
    """What is known, and nothing in place of what is not."""
    line: dict[str, Any] = {"request_id": record.request_id}
    if record.user_id is not None:
        line["user_id"] = record.user_id
    if record.operation_type is not None:
        line["operation"] = record.operation_type
    if record.operation_name and _is_short_name(record.operation_name):
        line["operation_name"] = record.operation_name
    if record.codes:
        line["codes"] = sorted(set(record.codes))
    if (store_calls := getattr(record.context, "store_calls", None)) is not None:
        line["store_calls"] = store_calls
    return line


def _is_short_name(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and name.isascii() and name.isidentifier()


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]
