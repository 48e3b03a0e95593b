"""How many namespaces a user has: a counter that changes in the transaction of what it counts, so that it is exact."""

from typing import NoReturn

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.errors import CancellationReason, LimitExceeded
from datastore.expressions import IfMissing, Increment, Update, at_most, missing
from datastore.operations import UpdateItem
from resolvers.context import Context


def one_more(ctx: Context) -> UpdateItem:
    """Fails where the caller has as many as his tier lets him have."""
    caller = ctx.caller
    most = ctx.policies.tiers[caller.plan].max_namespaces
    if most < 1:
        refuse_one_more(ctx, None)
    assigned = {
        "entityType": IfMissing("ASSIGNMENT"),
        "userId": IfMissing(caller.user_id),
        "tier": IfMissing(caller.plan),
        "createdAt": IfMissing(ctx.timestamp),
        **{
            name: IfMissing(value)
            for name, value in AccessPattern.LIST_BY_TIER.entry(tier=caller.plan, user_id=caller.user_id).items()
        },
    }
    update = Update(assigned | {"updatedAt": ctx.timestamp, "namespaces": Increment(1)})
    return UpdateItem(_key(caller.user_id), update, missing("namespaces") | at_most("namespaces", most - 1))


def one_less(ctx: Context, owner_id: str) -> UpdateItem:
    """Never fails: a counter that has gone wrong keeps nobody from deleting; the recount puts it right."""
    return UpdateItem(_key(owner_id), Update({"updatedAt": ctx.timestamp, "namespaces": Increment(-1, start=1)}))


def refuse_one_more(ctx: Context, reason: CancellationReason | None) -> NoReturn:
    tier = ctx.policies.tiers[ctx.caller.plan]
    found = (reason.item if reason else None) or {}
    raise LimitExceeded(
        f"The tier {tier.tier} may have {tier.max_namespaces} namespaces; you have {found.get('namespaces', 0)}."
    )


def _key(user_id: str) -> PrimaryKey:
    return AccessPattern.GET_ASSIGNMENT.key(user_id=user_id)
