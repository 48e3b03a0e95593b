"""Query.tiers: what each plan lets its users use."""

from collections.abc import Sequence

from datastore.entities.tier import TierEntity
from datastore.entities.user import Plan
from datastore.operations import Nothing
from resolvers.context import Context


def request(ctx: Context) -> Nothing:
    return Nothing()


def response(ctx: Context, result: None) -> Sequence[TierEntity]:
    """From short memory, as the limits themselves: what another process changes is seen within five seconds."""
    return [ctx.policies.tiers[plan] for plan in Plan]
