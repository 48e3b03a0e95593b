"""Headers that every answer carries, whoever made it; what an answer sets itself stays."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transport.request_record import record_of

SECURITY_HEADERS = {
    "Cache-Control":                "no-store",
    "Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy":   "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy":              "no-referrer",
    "X-Content-Type-Options":       "nosniff",
    "X-Frame-Options":              "DENY",
}  # fmt: skip
_HSTS = "max-age=31536000"


class ResponseHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-amzn-requestid"] = record_of(scope).request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = _HSTS
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
