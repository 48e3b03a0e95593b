"""The job that empties namespaces marked DELETING and then frees their names. It may be killed at any point."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.entities.namespace import NamespaceEntity
from datastore.errors import ConditionFailed, CorruptItem, Refusal, StoreFault, TransactionCancelled
from datastore.expressions import Condition, Update, at_most, equals, missing
from datastore.grants import Grant, NamespaceRole
from datastore.operations import DeleteItem, Item, Query, TransactWriteItems, UpdateItem
from datastore.requests import start_key
from datastore.store import Store

PAGE = 99  # with the lease they make a transaction of 100 writes, DynamoDB's most
LEASE_SECONDS = 10

log = structlog.get_logger()


class NamespaceDeletion:
    """Any number of processes may run it: a lease on the namespace's item lets one work on each.

    `settle_seconds`: how long after the mark another process may still let a write through, because it remembers
    the grant (see IdentityCache) or is in the middle of an operation. The last pass comes later than that.
    """

    def __init__(
        self, store: Store, *, settle_seconds: float, clock: Callable[[], float], poll_seconds: float = 1
    ) -> None:
        self._store = store
        self._settle_seconds = settle_seconds
        self._clock = clock
        self._poll_seconds = poll_seconds

    async def run(self) -> None:
        """Until cancelled. A table that does not answer is asked again at the next turn."""
        while True:
            try:
                await self.sweep()
            except (Refusal, StoreFault) as fault:
                log.warning("namespace_deletion_interrupted", reason=str(fault))
            await asyncio.sleep(self._poll_seconds)

    async def sweep(self) -> None:
        """One turn over all namespaces that are to go."""
        query = Query(AccessPattern.LIST_GOING.range(status="DELETING"), limit=PAGE)
        page = await self._store.execute(query)
        while page.items:
            for item in page.items:
                await self._attend(item)
            page = await self._store.execute(replace(query, start=start_key(query, page.items[-1])))

    async def _attend(self, item: Item) -> None:
        """Users that are to go stand in the same list. One item that is not as it should be holds up no other."""
        if item.get("entityType") not in NamespaceEntity.entity_types:
            return
        try:
            await self._delete(NamespaceEntity.from_item(item))
        except CorruptItem as corrupt:
            log.error("namespace_deletion_impossible", key=item["PK"], reason=corrupt.message)

    async def _delete(self, entity: NamespaceEntity) -> None:
        grant = Grant(entity.owner_id, entity.namespace, NamespaceRole.OWNER)
        lease = await self._take_lease(entity)
        while lease and (keys := await self._contents(grant)):
            lease = await self._remove(entity, keys, held=lease)
        settled = self._clock() >= (entity.deleting_since or 0) + self._settle_seconds
        if lease and settled and not await self._contents(grant):
            await self._free(entity, grant)
        elif lease:
            await self._release(entity.key, lease)

    async def _contents(self, grant: Grant) -> list[PrimaryKey]:
        """A page of what is left but the namespace's own item, which goes last."""
        everything = AccessPattern.LIST_EVERYTHING.range(grant)
        page = await self._store.execute(Query(everything, limit=PAGE, consistent=True))
        return [PrimaryKey(item["PK"], item["SK"]) for item in page.items if item["SK"] != "METADATA"]

    async def _take_lease(self, entity: NamespaceEntity) -> int | None:
        """Until when this process may work on the namespace; None if another one does, or it has gone."""
        lease, until = self._lease(entity, missing("leaseUntil") | at_most("leaseUntil", int(self._clock())))
        try:
            await self._store.execute(lease)
        except ConditionFailed:
            return None
        return until

    async def _remove(self, entity: NamespaceEntity, keys: Sequence[PrimaryKey], *, held: int) -> int | None:
        """In one transaction with the lease: who has lost it must not touch what may be a new namespace by now."""
        lease, until = self._lease(entity, equals("leaseUntil", held))
        try:
            await self._store.execute(TransactWriteItems((lease, *map(DeleteItem, keys))))
        except TransactionCancelled as cancelled:
            if cancelled.reasons[0].failed_condition:
                return None
            raise
        return until

    def _lease(self, entity: NamespaceEntity, free: Condition) -> tuple[UpdateItem, int]:
        until = int(self._clock()) + LEASE_SECONDS
        marked = equals("status", "DELETING") & equals("deletingSince", entity.deleting_since)
        return UpdateItem(entity.key, Update({"leaseUntil": until}), marked & free), until

    async def _release(self, key: PrimaryKey, lease: int) -> None:
        update = Update({"status": "DELETING"}, remove=("leaseUntil",))
        try:
            await self._store.execute(UpdateItem(key, update, equals("leaseUntil", lease)))
        except ConditionFailed:
            log.info("namespace_deletion_lease_lost", key=key.pk)

    async def _free(self, entity: NamespaceEntity, grant: Grant) -> None:
        """The namespace and its owner's grant in one transaction: from here on the name may be taken again."""
        grant_key = AccessPattern.GET_GRANT.key(user_id=grant.user_id, namespace=grant.namespace)
        gone = DeleteItem(entity.key, equals("deletingSince", entity.deleting_since))
        try:
            await self._store.execute(TransactWriteItems((gone, DeleteItem(grant_key, equals("status", "DELETING")))))
        except TransactionCancelled as cancelled:
            log.info("namespace_deletion_superseded", namespace=entity.namespace, reason=str(cancelled))
