"""Tells users, once a month, that they have used 80 % and 100 % of what their tier has."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from datastore.access_patterns import AccessPattern
from datastore.entities.message import MessageEntity
from datastore.entities.quota_event import QuotaEventEntity, QuotaEventKind
from datastore.entities.tier import TierEntity
from datastore.errors import TransactionCancelled
from datastore.expressions import Update, differs, exists
from datastore.metering.account import Account
from datastore.metering.months import timestamp
from datastore.metering.totals import Totals
from datastore.operations import PutItem, TransactWriteItems, UpdateItem
from datastore.policy_cache import PolicyCache
from datastore.store import Store
from datastore.ulids import RANDOM_BYTES, make_ulid

PERCENTS = (80, 100)
MESSAGE_KIND = "quota.reached"
_UNITS = {"requests": "requests of this month", "storage": "bytes"}
_CONSEQUENCES = {
    "requests": "When all are used, requests are refused until the month ends.",
    "storage": "When all are used, writes that need more are refused; deleting makes room.",
}


@dataclass(frozen=True)
class Threshold:
    """`used` of `allowed` is `percent` or more."""

    resource: str
    percent: int
    used: int
    allowed: int

    @property
    def attribute(self) -> str:
        """Where the assignment has the month for which the user has been told."""
        return f"{self.resource}{self.percent}"

    @property
    def subject(self) -> str:
        return f"You have used {self.percent} % of your {self.resource}"

    @property
    def body(self) -> str:
        found = f"{self.used} of {self.allowed} {_UNITS[self.resource]}."
        return f"{found} {_CONSEQUENCES[self.resource]}"


def reached(totals: Totals, tier: TierEntity) -> Iterator[Threshold]:
    uses = (
        ("requests", totals.requests, tier.requests_per_month),
        ("storage", totals.storage_bytes, tier.max_storage_bytes),
    )
    for resource, used, allowed in uses:
        for percent in PERCENTS:
            if used and used * 100 >= allowed * percent:
                yield Threshold(resource, percent, used, allowed)


class Thresholds:
    """Looks at each user whose usage has been flushed."""

    def __init__(self, store: Store, policies: PolicyCache) -> None:
        self._store = store
        self._policies = policies

    async def check(self, account: Account, moment: datetime) -> None:
        """Raises a Refusal where the table does not answer: then the next flush looks again."""
        totals = account.known
        if totals is None or totals.plan is None:
            return
        tier = (await self._policies.current()).tiers[totals.plan]
        for threshold in reached(totals, tier):
            notice = threshold.attribute, totals.month
            if notice not in account.notices:
                await self._announce(account.user_id, threshold, totals.month, moment)
                account.notices.add(notice)

    async def _announce(self, user_id: str, threshold: Threshold, month: str, moment: datetime) -> None:
        """The mark on the assignment goes with the event: whichever process is first tells, and no other."""
        mark = UpdateItem(
            AccessPattern.GET_ASSIGNMENT.key(user_id=user_id),
            Update({threshold.attribute: month}),
            exists("PK") & differs(threshold.attribute, month),
        )
        event = QuotaEventEntity.new(
            user_id,
            QuotaEventKind.THRESHOLD_REACHED,
            ulid=make_ulid(moment, secrets.token_bytes(RANDOM_BYTES)),
            created_at=timestamp(moment),
            seconds=int(moment.timestamp()),
            resource=threshold.resource,
            percent=threshold.percent,
            used=threshold.used,
            allowed=threshold.allowed,
        )
        message = MessageEntity.new(
            make_ulid(moment, secrets.token_bytes(RANDOM_BYTES)),
            timestamp(moment),
            user_id=user_id,
            kind=MESSAGE_KIND,
            subject=threshold.subject,
            body=threshold.body,
        )
        writes = (mark, PutItem(event.to_item(), table=event.table), PutItem(message.to_item()))
        try:
            await self._store.execute(TransactWriteItems(writes))
        except TransactionCancelled as cancelled:
            if not cancelled.reasons[0].failed_condition:
                raise
