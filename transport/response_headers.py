"""Headers that every answer carries, whoever made it; what an answer sets itself stays."""

from collections.abc import Iterable

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
_RAW = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_HSTS = (b"strict-transport-security", b"max-age=31536000")


class ResponseHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _complete(message.get("headers", ()), scope)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _complete(given: Iterable[tuple[bytes, bytes]], scope: Scope) -> list[tuple[bytes, bytes]]:
    """Raw, since every answer passes here: names in ASGI are lower-case bytes."""
    headers = list(given)
    names = {name for name, _ in headers}
    headers.append((b"x-amzn-requestid", record_of(scope).request_id.encode()))
    headers += [header for header in _RAW if header[0] not in names]
    return [*headers, _HSTS] if scope["scheme"] == "https" else headers
