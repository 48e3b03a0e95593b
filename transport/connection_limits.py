"""uvicorn's HTTP protocol with what it lacks: a deadline and a size for a request's headers.

Pass it as `http=LimitedHTTP`. Without it a client may hold a socket open for ever, or send one header without end.
"""

from asyncio import TimerHandle, Transport
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from datastore.uuids import make_uuid
from transport.answers import Refused, malformed, render
from transport.header_limits import MAX_HEADER_BYTES, MAX_HEADERS, MAX_TARGET_BYTES, over_limit
from transport.response_headers import SECURITY_HEADERS

# Anything below is counted exactly by HeaderLimits, once the headers are complete.
_MAX_HEAD_BYTES = MAX_TARGET_BYTES + MAX_HEADER_BYTES + 4 * MAX_HEADERS + 64


class LimitedHTTP(HttpToolsProtocol):
    header_seconds: float = 10

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: TimerHandle | None = None
        self._head_bytes = 0  # received for a request whose headers are not complete
        self._has_head = False
        self.url = b""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        super().connection_made(transport)
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_deadline()
        super().connection_lost(exc)
        self._unset_keepalive_if_required()  # else what was reset is held until the timer fires: uvicorn lets it run on

    def data_received(self, data: bytes) -> None:
        self._head_bytes += 0 if self._has_head else len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._head_bytes > _MAX_HEAD_BYTES and not self._has_head:
            self._refuse(self._too_large())
        elif self._deadline is None and not self._is_answering():
            # Any byte stops uvicorn's keep-alive timer, but a line feed begins no request, and the rest of a body
            # whose request has its answer ends none.
            self._start_deadline()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = self._head_bytes or 1  # it may have come with the end of the request before
        self._start_deadline()

    def on_headers_complete(self) -> None:
        self._has_head = True
        self._stop_deadline()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._has_head, self._head_bytes = False, 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        too_long = len(self.url) > MAX_TARGET_BYTES
        self._refuse(self._too_large() if too_long else malformed("The HTTP request can't be read."))

    def _too_large(self) -> Refused:
        refused = over_limit(0, self._head_bytes, len(self.url))
        return refused or malformed("The headers are too large.", status=431)

    def _start_deadline(self) -> None:
        self._stop_deadline()
        self._deadline = self.loop.call_later(self.header_seconds, self._late)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        if self.transport.is_closing():
            return
        if self._is_answering():  # an earlier request of this connection
            self._start_deadline()
        elif self._head_bytes and not self._has_head:
            message = f"The headers did not arrive within {self.header_seconds:g} seconds."
            self._refuse(Refused(408, "RequestTimeout", message, "REQUEST_TIMEOUT"))
        else:
            self.transport.close()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, refused: Refused) -> None:
        """Written past ASGI, as there is no request to hand on; never into an earlier request's answer."""
        if not self._is_answering():
            self._write(refused)
        self.transport.close()

    def _write(self, refused: Refused) -> None:
        body = render(refused.body())
        headers = {
            **SECURITY_HEADERS,
            **refused.headers,
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(body)),
            "Connection": "close",
            "x-amzn-requestid": make_uuid(),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        status = f"HTTP/1.1 {refused.status} {HTTPStatus(refused.status).phrase}\r\n"
        self.transport.write(f"{status}{lines}\r\n".encode("latin-1") + body)
