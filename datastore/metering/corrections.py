"""The job that counts namespaces again whose counters may be wrong: after lost answers, and where keys expire."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from datastore.access_patterns import PrimaryKey
from datastore.entities.namespace import NamespaceEntity
from datastore.errors import Refusal, StoreFault
from datastore.grants import Grant, NamespaceRole, NamespaceStatus
from datastore.metering.flush import FLUSH_SECONDS
from datastore.metering.meter import Meter
from datastore.metering.months import timestamp
from datastore.metering.storage_count import StorageCount
from datastore.operations import GetItem
from datastore.store import Store

RECOUNT_AFTER = timedelta(days=1)  # for namespaces whose keys expire, which nobody tells us

log = structlog.get_logger()


class Corrections:
    """One namespace at a time, so that a table in trouble is not asked for more."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], *, seconds: float = FLUSH_SECONDS, settle_seconds: float = 2
    ) -> None:
        self._store = store
        self._meter: Meter = store.meter
        self._clock = clock
        self._seconds = seconds
        self._count = StorageCount(store, clock, settle_seconds=settle_seconds)

    async def run(self) -> None:
        """Until cancelled. A table that does not answer is asked again at the next turn."""
        while True:
            await asyncio.sleep(self._seconds)
            await self.sweep()

    async def sweep(self) -> None:
        """Every namespace that is in doubt, or has long not been counted."""
        self._meter.in_doubt |= self._overdue()
        for partition in sorted(self._meter.in_doubt):
            try:
                await self._correct(partition)
            except (Refusal, StoreFault) as fault:
                log.warning("usage_correction_interrupted", key=partition, reason=str(fault))

    async def _correct(self, partition: str) -> None:
        self._meter.in_doubt.discard(partition)
        item = await self._store.execute(GetItem(PrimaryKey(partition, "METADATA"), consistent=True))
        if item is None or (entity := NamespaceEntity.from_item(item)).status is NamespaceStatus.DELETING:
            return  # its usage goes with it
        drift = await self._count.correct(Grant(entity.owner_id, entity.namespace, NamespaceRole.OWNER))
        if drift:
            log.info("usage_corrected", namespace=drift.namespace, keys=drift.keys, bytes=drift.storage_bytes)

    def _overdue(self) -> set[str]:
        long_ago = timestamp(self._clock() - RECOUNT_AFTER)
        known = [account.known for account in self._meter.accounts() if account.known]
        return {
            self._meter.partition_of(stored.namespace)
            for totals in known
            for stored in totals.storage.values()
            if stored.expiring and (stored.counted_at or stored.created_at) < long_ago
        }
