"""The last boundary: what nobody expected goes to the log, and to the caller only as a request id."""

from collections.abc import Awaitable
from typing import TypeVar

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transport.answers import Refused, refusal
from transport.request_record import record_of

T = TypeVar("T")


async def masked(work: Awaitable[T], request_id: str) -> T | Refused:
    """What comes of it, or what the caller is told where that is nothing that anybody expected."""
    try:
        return await work
    except Exception:
        structlog.get_logger().exception("internal_error", request_id=request_id)
        return Refused(500, "InternalFailure", f"Internal error. Request id: {request_id}", "INTERNAL")


class MaskFailures:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        failure = await masked(self._app(scope, receive, send_noting), record_of(scope).request_id)
        if failure and not started:  # otherwise it is too late for another answer: the server closes the connection
            await refusal(scope, failure)(scope, receive, send)
