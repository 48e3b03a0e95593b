"""What a namespace really holds, compared with what was counted, and put right."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.entities.key import KeyEntity
from datastore.entities.quota import StorageEntity
from datastore.errors import ConditionFailed
from datastore.expressions import Condition, IfMissing, Increment, Update, equals, missing
from datastore.grants import Grant
from datastore.metering.months import timestamp
from datastore.operations import GetItem, Query, UpdateItem
from datastore.requests import start_key
from datastore.store import Store

PAGE = 500
ATTEMPTS = 3


@dataclass(frozen=True)
class Drift:
    """What was missing from the counters. `exact`: nobody wrote while the keys were counted."""

    namespace: str
    keys: int
    storage_bytes: int
    exact: bool

    def __bool__(self) -> bool:
        return bool(self.keys or self.storage_bytes)


class StorageCount:
    """`settle_seconds`: what has been written before that is in the counters, as every process flushes sooner."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        *,
        settle_seconds: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settle_seconds = settle_seconds
        self._sleep = sleep

    async def correct(self, grant: Grant) -> Drift:
        """Counts until it meets a moment of quiet; after some attempts it takes what it has, and says so.

        Then it is wrong by no more than what was written meanwhile, which the next count puts right.
        """
        key = AccessPattern.ADD_STORAGE.key(user_id=grant.owner_id, namespace=grant.namespace)
        for attempt in range(ATTEMPTS):
            await self._sleep(self._settle_seconds)
            before = await self._counters(key)
            found = await self._count(grant)
            await self._sleep(self._settle_seconds)
            after = await self._counters(key)
            exact = before == after
            last = attempt == ATTEMPTS - 1
            if exact or last:
                middle = tuple((one + other) // 2 for one, other in zip(before, after, strict=True))
                drift = Drift(grant.namespace, found[0] - middle[0], found[1] - middle[1], exact)
                if await self._apply(key, grant, drift, after, expiring=found[2], only_if_same=not last):
                    return drift
        raise AssertionError("the last attempt applies what it has")

    async def _counters(self, key: PrimaryKey) -> tuple[int, int]:
        item = await self._store.execute(GetItem(key, consistent=True))
        if item is None:
            return 0, 0
        entity = StorageEntity.from_item(item)
        return entity.keys, entity.storage_bytes

    async def _count(self, grant: Grant) -> tuple[int, int, bool]:
        """Keys and bytes of what has not expired, and whether any of it will."""
        query = Query(AccessPattern.LIST_KEYS_CONSISTENT.range(grant), PAGE, consistent=True)
        keys, size, expiring = 0, 0, False
        while True:
            page = await self._store.execute(query)
            live = [key for key in map(KeyEntity.from_item, page.items) if key.is_live(self._seconds())]
            keys += len(live)
            size += sum(key.size for key in live)
            expiring |= any(key.ttl is not None for key in live)
            if not page.more:
                return keys, size, expiring
            query = replace(query, start=page.last or start_key(query, page.items[-1]))

    async def _apply(
        self,
        key: PrimaryKey,
        grant: Grant,
        drift: Drift,
        seen: tuple[int, int],
        *,
        expiring: bool,
        only_if_same: bool,
    ) -> bool:
        now = timestamp(self._clock())
        update = Update(
            {"entityType": "STORAGE", "userId": grant.owner_id, "namespace": grant.namespace}
            | {"createdAt": IfMissing(now), "updatedAt": now, "countedAt": now, "expiring": expiring}
            | {"keys": Increment(drift.keys), "storageBytes": Increment(drift.storage_bytes)}
        )
        try:
            await self._store.execute(UpdateItem(key, update, _same(seen) if only_if_same else None, repeatable=False))
        except ConditionFailed:
            return False
        return True

    def _seconds(self) -> int:
        return int(self._clock().timestamp())


def _same(seen: tuple[int, int]) -> Condition:
    same = equals("keys", seen[0]) & equals("storageBytes", seen[1])
    return missing("PK") | same if seen == (0, 0) else same
