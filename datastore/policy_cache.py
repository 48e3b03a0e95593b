"""The policies in force, remembered for a few seconds, so that a request need not ask for them."""

import asyncio
import re
from collections.abc import Callable

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.entities.user import Plan
from datastore.key_templates import key_pattern
from datastore.operations import BatchGetItem, Query
from datastore.policies import BUILT_IN, Policies
from datastore.store import Store

MOST_ROLES = 100
_PARTITIONS = (AccessPattern.GET_CONFIG, AccessPattern.GET_TIER, AccessPattern.GET_ROLE)
_IS_POLICY = re.compile("|".join(key_pattern(pattern.partition).removeprefix("(?s)") for pattern in _PARTITIONS))


class PolicyCache:
    """At most `seconds` old; what this process writes is seen at once.

    All who ask at one time wait for one reading. Under steady load nobody waits: from half the time on the next
    reading is under way while the last one is still good.
    """

    def __init__(self, store: Store, *, seconds: float, clock: Callable[[], float] | None = None) -> None:
        self._store = store
        self._seconds = seconds
        self._clock = clock or _loop_time
        self._known: Policies | None = None
        self._known_since = 0.0
        self._last = BUILT_IN
        self._flight: asyncio.Task[Policies] | None = None  # whose result may be remembered
        self._flights: set[asyncio.Task[Policies]] = set()
        store.watch(self._forget)

    async def current(self) -> Policies:
        """Raises a Refusal where the table does not answer, or holds what is no policy."""
        known = self.known()
        return known if known is not None else await asyncio.shield(self._depart())

    def known(self) -> Policies | None:
        """The same without waiting, where they need not be read."""
        age = self._clock() - self._known_since
        if self._known is None or age >= self._seconds:
            return None
        if age >= self._seconds / 2:
            self._depart()
        return self._known

    @property
    def latest(self) -> Policies:
        """The last ones read, however old: for what can't wait."""
        return self._last

    async def close(self) -> None:
        for flight in self._flights:
            flight.cancel()
        await asyncio.gather(*self._flights, return_exceptions=True)

    def _depart(self) -> "asyncio.Task[Policies]":
        if self._flight is None:
            self._flight = asyncio.get_running_loop().create_task(self._read(self._clock()))
            self._flights.add(self._flight)
            self._flight.add_done_callback(self._arrive)
        return self._flight

    def _arrive(self, flight: "asyncio.Task[Policies]") -> None:
        """Looks at the failure too, of which otherwise nobody may hear: the next who asks reads again."""
        self._flights.discard(flight)
        if self._flight is flight:
            self._flight = None
        if not flight.cancelled():
            flight.exception()

    async def _read(self, since: float) -> Policies:
        keys = (AccessPattern.GET_CONFIG.key(), *(AccessPattern.GET_TIER.key(tier=plan) for plan in Plan))
        (config, *tiers), roles = await asyncio.gather(
            self._store.execute(BatchGetItem(keys, consistent=True)),
            self._store.execute(Query(AccessPattern.LIST_ROLES.range(), limit=MOST_ROLES)),
        )
        policies = Policies.of(config, tiers, roles.items)
        if self._flight is asyncio.current_task():
            self._known, self._known_since = policies, since
            self._last = policies
        return policies

    def _forget(self, key: PrimaryKey) -> None:
        """A reading under way may have seen what was there before the write: it is not remembered."""
        if _IS_POLICY.match(key.pk):
            self._known = self._flight = None


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
