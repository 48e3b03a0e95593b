"""Small JSON documents from the issuer: bounded in time and size, and never from where a redirect points."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
import orjson
import structlog

from datastore.client import LOOPBACK
from datastore.errors import Unavailable

LONGEST_BYTES = 256 * 1024
CONNECT_SECONDS, SILENCE_SECONDS, WHOLE_SECONDS = 2, 3, 5
_UNAVAILABLE = "The OpenID Connect issuer is not answering as it should at the moment; try again."

log = structlog.get_logger()


class Fetcher:
    """One HTTP client, made when it is first needed: it belongs to one event loop."""

    def __init__(self) -> None:
        self._http: httpx2.AsyncClient | None = None

    async def get(self, url: str, *, token: str | None = None) -> dict[str, Any]:
        """The document at `url`. Raises Unavailable."""
        status, document = await self._send("GET", url, token=token)
        if status != httpx2.codes.OK:
            raise unavailable("unexpected_status", url=url, status=status)
        return document

    async def post(
        self, url: str, form: Mapping[str, str], *, auth: tuple[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """The status and the document, of whichever 2xx or 4xx. Raises Unavailable."""
        return await self._send("POST", url, form=form, auth=auth)

    async def _send(
        self,
        method: str,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        token: str | None = None,
    ) -> tuple[int, dict[str, Any]]:
        headers = {"accept": "application/json", "accept-encoding": "identity"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        try:
            async with (
                asyncio.timeout(WHOLE_SECONDS),
                self._client().stream(method, url, data=form, auth=auth, headers=headers) as response,
            ):
                if response.is_redirect or response.is_server_error:
                    raise unavailable("unexpected_status", url=url, status=response.status_code)
                return response.status_code, await _read(response)
        except (httpx2.HTTPError, TimeoutError, ValueError) as error:
            raise unavailable(type(error).__name__, url=url) from error

    def _client(self) -> httpx2.AsyncClient:
        if self._http is None:
            timeout = httpx2.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
            self._http = httpx2.AsyncClient(timeout=timeout, follow_redirects=False)
        return self._http

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()


def unavailable(reason: str, **facts: Any) -> Unavailable:
    """What the caller may know; the log is told the rest."""
    log.warning("oidc_issuer_unavailable", reason=reason, **facts)
    return Unavailable(_UNAVAILABLE)


def is_secure(url: str, *, loopback: bool) -> bool:
    """https, or http on this machine, for tests and nothing else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "http":
        return loopback and parts.hostname in LOOPBACK
    return parts.scheme == "https" and bool(parts.hostname)


async def _read(response: httpx2.Response) -> dict[str, Any]:
    """Raises ValueError for what is too large, packed, or no JSON object."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise ValueError("packed")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LONGEST_BYTES:
            raise ValueError("too large")
    document = orjson.loads(bytes(body))
    if not isinstance(document, dict):
        raise ValueError("no object")
    return document
