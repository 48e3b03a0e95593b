"""The job that empties namespaces marked DELETING and then frees their names. It may be killed at any point."""

import re
from collections.abc import Callable, Sequence
from math import ceil

import structlog

from datastore.access_patterns import AccessPattern, KeyRange, PrimaryKey
from datastore.entities.namespace import NamespaceEntity
from datastore.errors import ConditionFailed, TransactionCancelled
from datastore.expressions import Condition, Update, at_most, equals, missing
from datastore.going_list import GoingList
from datastore.grants import Grant, NamespaceRole
from datastore.key_templates import PARTS, last_part
from datastore.operations import DeleteItem, Item, Query, TransactWriteItems, UpdateItem
from datastore.store import Store

PAGE = 99  # with the lease they make a transaction of 100 writes, DynamoDB's most
MEMBERS_PAGE = PAGE // 2  # with each member goes his grant
LEASE_SECONDS = 10

log = structlog.get_logger()


class NamespaceDeletion:
    """Any number of processes may run it: a lease on the namespace's item lets one work on each.

    `settle_seconds`: how long after the mark another process may still let a write through, because it remembers
    the grant (see IdentityCache) or is in the middle of an operation. The last pass comes later than that, and than
    the same time after a member's grant was taken away.
    """

    def __init__(
        self, store: Store, *, settle_seconds: float, clock: Callable[[], float], poll_seconds: float = 1
    ) -> None:
        self._store = store
        self._settle_seconds = settle_seconds
        self._clock = clock
        self._going = GoingList(
            store,
            AccessPattern.LIST_GOING.range(status="DELETING"),
            NamespaceEntity,
            self._delete,
            what="namespace_deletion",
            poll_seconds=poll_seconds,
        )

    async def run(self) -> None:
        """Until cancelled."""
        await self._going.run()

    async def sweep(self) -> None:
        """One turn over all that are to go."""
        await self._going.sweep()

    async def _delete(self, entity: NamespaceEntity) -> None:
        grant = Grant(entity.owner_id, entity.namespace, NamespaceRole.OWNER)
        going = await self._take_lease(entity)
        while going and (members := await self._page(AccessPattern.LIST_MEMBERS.range(grant), MEMBERS_PAGE)):
            going = await self._remove(going, members, grants=_grants_of(going, members))
        while going and (items := await self._page(AccessPattern.LIST_EVERYTHING.range(grant), PAGE)):
            going = await self._remove(going, items)
        if not going:
            return
        last = max(going.deleting_since or 0, going.members_until or 0)
        settled = self._clock() >= last + self._settle_seconds
        if settled and not await self._page(AccessPattern.LIST_EVERYTHING.range(grant), PAGE):
            await self._free(going, grant)
        else:
            await self._release(going)

    async def _page(self, range_: KeyRange, limit: int) -> list[Item]:
        """A page of what is left but the namespace's own item, which goes last."""
        page = await self._store.execute(Query(range_, limit, consistent=True))
        return [item for item in page.items if item["SK"] != "METADATA"]

    async def _take_lease(self, entity: NamespaceEntity) -> NamespaceEntity | None:
        """The namespace as it stands now that this process may work on it; None if another one does, or it has gone."""
        lease = self._lease(entity, missing("leaseUntil") | at_most("leaseUntil", int(self._clock())))
        try:
            item = await self._store.execute(lease)
        except ConditionFailed:
            return None
        return NamespaceEntity.from_item(item or {})

    async def _remove(
        self, going: NamespaceEntity, items: Sequence[Item], *, grants: Sequence[PrimaryKey] = ()
    ) -> NamespaceEntity | None:
        """In one transaction with the lease: who has lost it must not touch what may be a new namespace by now."""
        until = {"members_until": ceil(self._clock())} if grants else {}
        lease = self._lease(going, equals("leaseUntil", going.lease_until), **until)
        keys = [PrimaryKey(item["PK"], item["SK"]) for item in items]
        try:
            await self._store.execute(TransactWriteItems((lease, *map(DeleteItem, (*keys, *grants)))))
        except TransactionCancelled as cancelled:
            if cancelled.reasons[0].failed_condition:
                return None
            raise
        return going.model_copy(update=until | {"lease_until": lease.update.set["leaseUntil"]})

    def _lease(self, entity: NamespaceEntity, free: Condition, *, members_until: int | None = None) -> UpdateItem:
        changes = {"leaseUntil": int(self._clock()) + LEASE_SECONDS}
        changes |= {} if members_until is None else {"membersUntil": members_until}
        marked = equals("status", "DELETING") & equals("deletingSince", entity.deleting_since)
        return UpdateItem(entity.key, Update(changes), marked & free)

    async def _release(self, going: NamespaceEntity) -> None:
        update = Update({"status": "DELETING"}, remove=("leaseUntil",))
        try:
            await self._store.execute(UpdateItem(going.key, update, equals("leaseUntil", going.lease_until)))
        except ConditionFailed:
            log.info("namespace_deletion_lease_lost", key=going.pk)

    async def _free(self, entity: NamespaceEntity, grant: Grant) -> None:
        """The namespace, its owner's grant and usage in one transaction: from here on the name may be taken again."""
        grant_key = AccessPattern.GET_GRANT.key(user_id=grant.user_id, namespace=grant.namespace)
        gone = DeleteItem(entity.key, equals("deletingSince", entity.deleting_since))
        revoked = DeleteItem(grant_key, missing("PK") | equals("status", "DELETING"))
        usage = AccessPattern.ADD_STORAGE.key(user_id=grant.user_id, namespace=grant.namespace)
        try:
            await self._store.execute(TransactWriteItems((gone, revoked, DeleteItem(usage))))
        except TransactionCancelled as cancelled:
            log.info("namespace_deletion_superseded", namespace=entity.namespace, reason=str(cancelled))


def _grants_of(going: NamespaceEntity, members: Sequence[Item]) -> list[PrimaryKey]:
    """All but the owner's, by which he sees the namespace until it has gone."""
    users = [last_part(AccessPattern.GET_MEMBER.sort, item["SK"]) for item in members]
    others = [each for each in users if each != going.owner_id and re.fullmatch(PARTS["user_id"], each)]
    return [AccessPattern.GET_GRANT.key(user_id=each, namespace=going.namespace) for each in others]
