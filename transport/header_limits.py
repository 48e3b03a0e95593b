"""Refuses requests whose address or headers are larger than any client of ours sends."""

from starlette.types import ASGIApp, Receive, Scope, Send

from transport.answers import Refused, refusal

MAX_HEADERS = 100
MAX_HEADER_BYTES = 16 * 1024
MAX_TARGET_BYTES = 8 * 1024
_CLOSE = {"Connection": "close"}


def over_limit(count: int, size: int, target: int) -> Refused | None:
    """`size` is the bytes of all names and values, `target` those of path and query string."""
    if target > MAX_TARGET_BYTES:
        return _too_large(414, "UriTooLong", f"The address is longer than {MAX_TARGET_BYTES} bytes; use POST.")
    if count > MAX_HEADERS:
        return _too_large(431, "RequestHeadersTooLarge", f"There are more than {MAX_HEADERS} headers.")
    if size > MAX_HEADER_BYTES:
        message = f"The headers are larger than {MAX_HEADER_BYTES} bytes."
        return _too_large(431, "RequestHeadersTooLarge", message)
    return None


class HeaderLimits:
    """As ASGI middleware, for servers that have no limits of their own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http":
            headers = scope["headers"]
            target = len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"])
            size = sum(len(name) + len(value) for name, value in headers)
            if refused := over_limit(len(headers), size, target):
                app = refusal(scope, refused)
        await app(scope, receive, send)


def _too_large(status: int, error_type: str, message: str) -> Refused:
    return Refused(status, error_type, message, "REQUEST_TOO_LARGE", _CLOSE)
