"""A document of the issuer's, kept: renewed when it is an hour old, and used for a day if that can't be done."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from datastore.errors import Unavailable
from datastore.oidc.fetching import log, unavailable

FRESH_SECONDS = 3600  # what the issuer has withdrawn is trusted no longer than this,
STALE_SECONDS = 24 * 3600  # or this, while the issuer can't be reached
ASK_AGAIN_SECONDS = 10  # an issuer that fails, or tokens that name keys at random, make us ask no more often

T = TypeVar("T")


class Remembered(Generic[T]):
    """`fetch` raises Unavailable where it fails. Any number of requests wait for one answer."""

    def __init__(self, fetch: Callable[[], Awaitable[T]], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._value: T | None = None
        self._fetched_at = self._asked_at = float("-inf")

    async def get(self) -> T:
        """Raises Unavailable where nothing is known that is young enough."""
        age = self._age()
        if age >= STALE_SECONDS or (age >= FRESH_SECONDS and not self._lock.locked()):
            await self.renew()
        if self._value is None or self._age() >= STALE_SECONDS:
            raise unavailable("nothing_known")
        return self._value

    async def renew(self) -> None:
        """Unless it was asked for a moment ago. A failure leaves what is known as it is."""
        async with self._lock:
            if self._clock() < self._asked_at + ASK_AGAIN_SECONDS:
                return
            self._asked_at = self._clock()
            try:
                self._value = await self._fetch()
            except Unavailable:
                log.warning("oidc_issuer_not_asked_again_for", seconds=ASK_AGAIN_SECONDS)
            else:
                self._fetched_at = self._clock()

    def _age(self) -> float:
        return self._clock() - self._fetched_at
