"""The job that removes accounts marked DELETING with all that they have. It may be killed at any point."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog

from datastore.access_patterns import AccessPattern
from datastore.account_contents import CONTENTS, LAST_CONTENTS, Content
from datastore.deletion_marks import mark_namespace
from datastore.entities.namespace import GrantEntity
from datastore.entities.user import UserEntity, fold_email
from datastore.errors import ConditionFailed, TransactionCancelled
from datastore.expressions import Condition, Update, at_most, differs, equals, missing
from datastore.going_list import GoingList
from datastore.operations import DeleteItem, Item, Query, TransactWrite, TransactWriteItems, UpdateItem
from datastore.store import Store

PAGE = 99  # with the lease they make a transaction of 100 writes, DynamoDB's most
LEASE_SECONDS = 10

log = structlog.get_logger()


class AccountDeletion:
    """Any number of processes may run it: a lease on the user's item lets one work on each.

    `settle_seconds`: how long after the mark another process may still let a write through, because it remembers
    the user (see IdentityCache) or is in the middle of an operation. The user's item goes later than that.
    """

    def __init__(
        self, store: Store, *, settle_seconds: float, clock: Callable[[], float], poll_seconds: float = 1
    ) -> None:
        self._store = store
        self._settle_seconds = settle_seconds
        self._clock = clock
        self._going = GoingList(
            store,
            AccessPattern.LIST_BY_STATUS.range(status="DELETING"),
            UserEntity,
            self._delete,
            what="account_deletion",
            poll_seconds=poll_seconds,
        )

    async def run(self) -> None:
        """Until cancelled."""
        await self._going.run()

    async def sweep(self) -> None:
        """One turn over all that are to go."""
        await self._going.sweep()

    async def _delete(self, user: UserEntity) -> None:
        going = await self._take_lease(user)
        while going and (grants := await self._own_namespaces(going, differs("status", "DELETING"))):
            going = await self._mark(going, grants[0])
        going = await self._remove_all(going, CONTENTS)
        if going and not await self._own_namespaces(going):
            going = await self._remove_all(going, LAST_CONTENTS)
        if going is None:
            return
        settled = self._clock() >= (going.deleting_since or 0) + self._settle_seconds
        if settled and await self._is_empty(going):
            await self._free(going)
        else:
            await self._release(going)

    async def _remove_all(self, going: UserEntity | None, contents: Sequence[Content]) -> UserEntity | None:
        for content in contents:
            while going and (items := await self._page(going, content)):
                keys = [key for item in items for key in content.keys_of(item)]
                going = await self._with_lease(going, *map(DeleteItem, keys))
        return going

    async def _own_namespaces(self, user: UserEntity, only: Condition | None = None) -> list[Item]:
        """Another's are shared with him, perhaps as an OWNER too, and stay."""
        owned = missing("ownerId")
        range_ = AccessPattern.LIST_NAMESPACES.range(user_id=user.user_id)
        page = await self._store.execute(Query(range_, 1, consistent=True, only=owned & only if only else owned))
        return list(page.items)

    async def _page(self, user: UserEntity, content: Content) -> list[Item]:
        range_ = content.listed_by.range(user_id=user.user_id)
        is_table = range_.index is None
        query = Query(range_, PAGE // content.each, consistent=is_table, only=content.only)
        return list((await self._store.execute(query)).items)

    async def _is_empty(self, user: UserEntity) -> bool:
        if await self._own_namespaces(user):
            return False
        for content in (*CONTENTS, *LAST_CONTENTS):
            if await self._page(user, content):
                return False
        return True

    async def _take_lease(self, user: UserEntity) -> UserEntity | None:
        """The user as he stands now that this process may work on him; None if another one does, or he has gone."""
        free = missing("leaseUntil") | at_most("leaseUntil", int(self._clock()))
        try:
            item = await self._store.execute(self._lease(user, free))
        except ConditionFailed:
            return None
        return UserEntity.from_item(item or {})

    def _lease(self, user: UserEntity, free: Condition) -> UpdateItem:
        return UpdateItem(user.key, Update({"leaseUntil": int(self._clock()) + LEASE_SECONDS}), _marked(user) & free)

    async def _mark(self, going: UserEntity, item: Item) -> UserEntity | None:
        """One of his namespaces, which goes by its own job; a grant without a namespace is all that there is of it."""
        grant = GrantEntity.from_item(item).grant()
        now = datetime.fromtimestamp(self._clock(), UTC)
        stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        marks = mark_namespace(grant, owner_id=going.user_id, now=int(self._clock()), timestamp=stamp)
        try:
            return await self._with_lease(going, *marks)
        except TransactionCancelled as cancelled:
            if not cancelled.reasons[1].failed_condition:
                raise
            log.info("account_deletion_namespace_marked_elsewhere", namespace=grant.namespace)
            gone = cancelled.reasons[1].item is None
            return await self._with_lease(going, *([DeleteItem(marks[1].key)] if gone else [marks[1]]))

    async def _with_lease(self, going: UserEntity, *writes: TransactWrite) -> UserEntity | None:
        """In one transaction with the lease; None where it is another's by now."""
        lease = self._lease(going, equals("leaseUntil", going.lease_until))
        try:
            await self._store.execute(TransactWriteItems((lease, *writes)))
        except TransactionCancelled as cancelled:
            if cancelled.reasons[0].failed_condition:
                return None
            raise
        return going.model_copy(update={"lease_until": lease.update.set["leaseUntil"]})

    async def _release(self, going: UserEntity) -> None:
        update = Update({"status": "DELETING"}, remove=("leaseUntil",))
        try:
            await self._store.execute(UpdateItem(going.key, update, equals("leaseUntil", going.lease_until)))
        except ConditionFailed:
            log.info("account_deletion_lease_lost", key=going.pk)

    async def _free(self, going: UserEntity) -> None:
        """The user and the claim on the email in one transaction: from here on the address may sign up again."""
        writes = [DeleteItem(going.key, _marked(going) & equals("leaseUntil", going.lease_until))]
        if going.email:
            claim = AccessPattern.CLAIM_EMAIL.key(email=fold_email(going.email))
            writes.append(DeleteItem(claim, missing("PK") | equals("userId", going.user_id)))
        try:
            await self._store.execute(TransactWriteItems(tuple(writes)))
        except TransactionCancelled as cancelled:
            log.info("account_deletion_superseded", user_id=going.user_id, reason=str(cancelled))


def _marked(user: UserEntity) -> Condition:
    """As it was found: a user who was let in again is not to go."""
    since = missing("deletingSince") if user.deleting_since is None else equals("deletingSince", user.deleting_since)
    return equals("status", "DELETING") & since
