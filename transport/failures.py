"""The last boundary: what nobody expected goes to the log, and to the caller only as a request id."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transport.answers import Refused, refusal
from transport.request_record import record_of


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

        try:
            await self._app(scope, receive, send_noting)
        except Exception:
            request_id = record_of(scope).request_id
            structlog.get_logger().exception("internal_error", request_id=request_id)
            if started:  # too late for another answer: the server closes the connection
                return
            message = f"Internal error. Request id: {request_id}"
            await refusal(scope, Refused(500, "InternalFailure", message, "INTERNAL"))(scope, receive, send)
