"""The job that brings what the meter has gathered to user-quotas, and back what other processes have counted."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime

import structlog

from datastore.access_patterns import AccessPattern
from datastore.errors import ConditionFailed, Refusal, StoreFault
from datastore.expressions import Update, exists
from datastore.metering.account import Account, Shipment
from datastore.metering.months import month_of
from datastore.metering.parcels import moment_of, storage_update, usage_update
from datastore.metering.thresholds import Thresholds
from datastore.metering.totals import Totals, list_totals
from datastore.operations import UpdateItem
from datastore.policy_cache import PolicyCache
from datastore.store import Store

FLUSH_SECONDS = 1.0
TELL_SECONDS = 30.0  # User.requestCount and storageBytes are at most a minute old
KEPT_SECONDS = 300.0
AT_ONCE = 16  # users whose amounts are on their way at one time

log = structlog.get_logger()


class Flush:
    """`clock` is the one by which months are told. `shard` names this process's own items: no two have the same."""

    def __init__(
        self,
        store: Store,
        policies: PolicyCache,
        *,
        clock: Callable[[], datetime],
        seconds: float = FLUSH_SECONDS,
        shard: str | None = None,
    ) -> None:
        self._store = store
        self._meter = store.meter
        self._thresholds = Thresholds(store, policies)
        self._shard = shard or secrets.token_hex(4)
        self._clock = clock
        self._seconds = seconds
        self._number = 0
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Until cancelled, when no more requests are served: then once more."""
        try:
            while True:
                await asyncio.sleep(self._seconds)
                await self.flush()
        finally:
            await self.flush(last=True)

    async def flush(self, *, last: bool = False) -> None:
        """Once, one at a time. What does not get through is kept for the next time, and logged."""
        async with self._turn:
            self._number = max(self._number + 1, int(self._clock().timestamp() * 1000))
            gate = asyncio.Semaphore(AT_ONCE)
            await asyncio.gather(*(self._attend(account, gate, last=last) for account in self._meter.accounts()))

    async def _attend(self, account: Account, gate: asyncio.Semaphore, *, last: bool) -> None:
        async with gate:
            try:
                await self._flush(account)
                await self._tell(account, at_once=last)
            except (Refusal, StoreFault) as fault:
                log.warning("usage_flush_failed", user_id=account.user_id, reason=str(fault))

    async def _flush(self, account: Account) -> None:
        moment = moment_of(self._number)
        shipment = account.take(self._number)
        if not shipment:
            if account.empty and self._told(account) and self._now() > account.active_at + KEPT_SECONDS:
                self._meter.forget(account)
            return
        account.active_at = self._now()
        await asyncio.gather(*(self._send(update) for update in self._updates(account, shipment)))
        month = month_of(moment)
        page = await self._store.execute(list_totals(account.user_id, month))
        account.settle(shipment, Totals.of(page.items, month))
        await self._thresholds.check(account, moment)

    def _updates(self, account: Account, shipment: Shipment) -> list[UpdateItem]:
        updates = [
            storage_update(account.user_id, namespace, self._shard, parcel)
            for namespace, parcel in shipment.changes.items()
        ]
        if shipment.requests:
            updates.append(usage_update(account.user_id, self._shard, shipment.requests))
        return updates

    async def _send(self, update: UpdateItem) -> None:
        try:
            await self._store.execute(update)
        except ConditionFailed:  # it is there already: only its answer was lost
            log.info("usage_flush_repeated", key=update.key.pk)

    async def _tell(self, account: Account, *, at_once: bool) -> None:
        """The snapshot on the user's own item, which its indexes copy: not more often than need be."""
        if self._told(account) or not (at_once or self._now() >= account.told_at + TELL_SECONDS):
            return
        month, requests, storage_bytes = telling = _telling(account)
        snapshot = Update({"requestCount": requests, "requestMonth": month, "storageBytes": storage_bytes})
        key = AccessPattern.GET_USER.key(user_id=account.user_id)
        try:
            await self._store.execute(UpdateItem(key, snapshot, exists("PK")))
        except ConditionFailed:  # the user has gone
            log.info("usage_of_nobody", user_id=account.user_id)
        account.told, account.told_at = telling, self._now()

    def _told(self, account: Account) -> bool:
        return account.known is None or account.told == _telling(account)

    def _now(self) -> float:
        return self._clock().timestamp()


def _telling(account: Account) -> tuple[str, int, int]:
    known = account.known or Totals("")
    return known.month, known.requests, known.storage_bytes
