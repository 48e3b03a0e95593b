"""Reads a request's body, but no more and no longer than is allowed."""

import asyncio

from starlette.requests import Request

from transport.answers import Refused

_CLOSE = {"Connection": "close"}


async def read_body(request: Request, *, max_bytes: int, within_seconds: float) -> bytes:
    """Raises Refused: 413 as soon as the length is known to be too great, 408 when time is up."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > 18 or int(declared) > max_bytes:
        raise _too_large(max_bytes)
    body = bytearray()
    try:
        async with asyncio.timeout(within_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > max_bytes:
                    raise _too_large(max_bytes)
    except TimeoutError as error:
        message = f"The body did not arrive within {within_seconds:g} seconds."
        raise Refused(408, "RequestTimeout", message, "REQUEST_TIMEOUT", _CLOSE) from error
    return bytes(body)


def _too_large(max_bytes: int) -> Refused:
    message = f"The body is larger than {max_bytes} bytes."
    return Refused(413, "PayloadTooLarge", message, "PAYLOAD_TOO_LARGE", _CLOSE)
