"""One JSON line for each request, and the same form for all that the process logs."""

import json
import logging
import re
import sys
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, TextIO

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transport.health import HEALTH_PATHS
from transport.metrics import Metrics
from transport.request_record import RequestRecord, start_record

_OPERATION_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,64}")


class RequestLog:
    """What is told of each request, by the log and by the metrics."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def note(self, record: RequestRecord, path: str, status: int, seconds: float) -> None:
        if path not in HEALTH_PATHS:
            self._metrics.count_request(status, seconds, operation_type=record.operation_type, codes=record.codes)
        log = structlog.get_logger()
        write = log.debug if path in HEALTH_PATHS else log.info
        write("request", **_line(record), status=status or None, duration_ms=round(seconds * 1000, 1))


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


def configure(level: str, stream: TextIO = sys.stdout) -> None:
    """Makes every line of the process one JSON object, those of libraries too."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    # Less than a warning of a library may hold addresses, requests and values.
    logging.basicConfig(handlers=[_ToStructlog()], level=max(logging.WARNING, _number(level)), force=True)


def _dumps(line: Mapping[str, Any], default: Callable[[Any], Any]) -> str:
    try:
        return orjson.dumps(line, default=default).decode()
    except TypeError:  # half of a surrogate pair, which a library may log and UTF-8 can't hold
        return json.dumps(line, default=default)


class _ToStructlog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)


def _line(record: RequestRecord) -> dict[str, Any]:
    line = {
        "request_id": record.request_id,
        "user_id": record.user_id,
        "operation": record.operation_type,
        "operation_name": _checked_name(record.operation_name),
        "codes": sorted(set(record.codes)),
        "store_calls": getattr(record.context, "store_calls", None),
    }
    return {name: value for name, value in line.items() if value not in (None, [])}


def _checked_name(name: str | None) -> str | None:
    return name if name and _OPERATION_NAME.fullmatch(name) else None


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]
