"""User.quota: what a user may use, and what he has used of it."""

from dataclasses import dataclass

from datastore.entities.tier import TierEntity
from datastore.metering.months import end_of_month, month_of, timestamp
from datastore.metering.totals import Totals, list_totals
from datastore.operations import Page, Query
from resolvers.context import Context


@dataclass(frozen=True)
class QuotaView:
    tier: TierEntity
    totals: Totals
    period_ends_at: str


def request(ctx: Context) -> Query:
    return list_totals(ctx.source.user_id, month_of(ctx.now))


def response(ctx: Context, result: Page) -> QuotaView:
    """At most one flush old. The plan is the one on the user's own item."""
    totals = Totals.of(result.items, month_of(ctx.now))
    return QuotaView(ctx.policies.tiers[ctx.source.plan], totals, timestamp(end_of_month(ctx.now)))
