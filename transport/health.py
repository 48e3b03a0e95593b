"""Whether the process lives (/healthz) and whether it should get traffic (/readyz)."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from datastore.errors import Refusal
from transport.answers import answer, unavailable

HEALTH_PATHS: Final = ("/healthz", "/readyz")
_CHECK_SECONDS: Final = 1
_FRESH_SECONDS: Final = 5


class Readiness:
    """`check` asks the store and raises a Refusal where it does not answer; asked at most every five seconds."""

    def __init__(self, check: Callable[[], Awaitable[object]], *, clock: Callable[[], float] = monotonic) -> None:
        self._check = check
        self._clock = clock
        self._draining = False
        self._checked_at: float | None = None
        self._answers = False
        self._lock = asyncio.Lock()

    def drain(self) -> None:
        """From now on not ready: load balancers take the traffic elsewhere before the server stops."""
        self._draining = True

    async def obstacle(self) -> str | None:
        if self._draining:
            return "The server is shutting down."
        async with self._lock:
            if self._checked_at is None or self._clock() - self._checked_at >= _FRESH_SECONDS:
                self._answers = await self._ask()
                self._checked_at = self._clock()
        return None if self._answers else "The store does not answer."

    async def _ask(self) -> bool:
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                await self._check()
        except (TimeoutError, Refusal):
            return False
        return True

    def routes(self) -> list[Route]:
        return [Route("/healthz", _alive), Route("/readyz", self._ready)]

    async def _ready(self, request: Request) -> Response:
        if obstacle := await self.obstacle():
            raise unavailable(obstacle)
        return answer({"status": "ready"})


async def _alive(request: Request) -> Response:
    return answer({"status": "ok"})
