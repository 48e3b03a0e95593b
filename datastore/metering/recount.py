"""Counts for all users what they have, and puts user-quotas right by it. It may be stopped, and go on."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from datastore.access_patterns import AccessPattern
from datastore.entities.namespace import GrantEntity
from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import UserEntity
from datastore.errors import ConditionFailed
from datastore.expressions import Update, equals, missing
from datastore.grants import NamespaceStatus
from datastore.metering.months import end_of_month, month_of, timestamp
from datastore.metering.storage_count import Drift, StorageCount
from datastore.metering.totals import Totals, list_totals
from datastore.operations import DeleteItem, Item, PutItem, Query, UpdateItem
from datastore.requests import start_key
from datastore.store import Store

FIRST_MONTH = datetime.fromisoformat("2024-01-01T00:00:00Z")
PAGE = 100
AT_ONCE = 8


@dataclass(frozen=True)
class Found:
    """What was wrong with one user's counters."""

    user_id: str
    namespaces: int
    drifts: Sequence[Drift]

    def __bool__(self) -> bool:
        return bool(self.namespaces or any(self.drifts))


class Recount:
    """`place` is a file that says how far it has come, kept until it is through."""

    def __init__(self, store: Store, count: StorageCount, clock: Callable[[], datetime], place: Path) -> None:
        self._store = store
        self._count = count
        self._clock = clock
        self._place = place

    async def run(self) -> AsyncIterator[Found]:
        """One for each user, in the order of their signing up."""
        async for item in self._users():
            yield await self._recount(UserEntity.from_item(item))
            self._keep_place({name: item[name] for name in ("PK", "SK", "GSI3PK", "GSI3SK")})
        self._place.unlink(missing_ok=True)

    def _keep_place(self, keys: Item) -> None:
        """Whole or not at all, whenever the process ends."""
        partial = self._place.with_name(f"{self._place.name}.part")
        partial.write_text(json.dumps(keys))
        partial.replace(self._place)

    async def _users(self) -> AsyncIterator[Item]:
        """Month by month, from where the last run was stopped."""
        start = json.loads(self._place.read_text()) if self._place.exists() else None
        month = FIRST_MONTH
        while month <= self._clock():
            query = Query(AccessPattern.LIST_BY_CREATED_AT.range(month=month_of(month)), PAGE)
            month = end_of_month(month)
            if start and query.range.pk < start["GSI3PK"]:
                continue
            query = replace(query, start=start if start and query.range.pk == start["GSI3PK"] else None)
            while True:
                page = await self._store.execute(query)
                for item in page.items:
                    yield item
                if not page.more:
                    break
                query = replace(query, start=page.last or start_key(query, page.items[-1]))

    async def _recount(self, user: UserEntity) -> Found:
        owned = [grant for grant in await self._grants(user) if grant.owner_id in (None, user.user_id)]
        using = [grant for grant in owned if grant.status is NamespaceStatus.ACTIVE]
        totals = await self._totals(user)
        for name in totals.storage.keys() - {grant.namespace for grant in owned}:
            stale = AccessPattern.ADD_STORAGE.key(user_id=user.user_id, namespace=name)
            await self._store.execute(DeleteItem(stale))
        drifts: list[Drift] = []
        for start in range(0, len(using), AT_ONCE):
            counts = (self._count.correct(grant.grant()) for grant in using[start : start + AT_ONCE])
            drifts += await asyncio.gather(*counts)
        return Found(user.user_id, await self._set_namespaces(user, totals, len(using)), drifts)

    async def _set_namespaces(self, user: UserEntity, totals: Totals, count: int) -> int:
        """How many the counter was short of; 0 too where it changes at this moment, and is somebody else's to tell."""
        if totals.plan is None:
            tier = AssignmentEntity.of(user)
            with suppress(ConditionFailed):
                await self._store.execute(PutItem(tier.to_item(), missing("PK"), tier.table))
        if totals.namespaces == count:
            return 0
        same = equals("namespaces", totals.namespaces)
        if not totals.namespaces:
            same |= missing("namespaces")
        key = AccessPattern.GET_ASSIGNMENT.key(user_id=user.user_id)
        update = Update({"namespaces": count, "updatedAt": timestamp(self._clock())})
        try:
            await self._store.execute(UpdateItem(key, update, same))
        except ConditionFailed:
            return 0
        return count - totals.namespaces

    async def _totals(self, user: UserEntity) -> Totals:
        month = month_of(self._clock())
        return Totals.of((await self._store.execute(list_totals(user.user_id, month))).items, month)

    async def _grants(self, user: UserEntity) -> list[GrantEntity]:
        query = Query(AccessPattern.LIST_NAMESPACES.range(user_id=user.user_id), PAGE, consistent=True)
        found: list[GrantEntity] = []
        while True:
            page = await self._store.execute(query)
            found += map(GrantEntity.from_item, page.items)
            if not page.more:
                return found
            query = replace(query, start=page.last or start_key(query, page.items[-1]))
