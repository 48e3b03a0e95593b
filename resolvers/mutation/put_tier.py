"""Mutation.putTier: set what a plan lets its users use; for administrators."""

from typing import NoReturn

from datastore.entities.entity import attribute_name
from datastore.entities.tier import TierEntity
from datastore.errors import LimitExceeded, TransactionCancelled
from datastore.item_size import MAX_ITEM_BYTES
from datastore.operations import PutItem, TransactWriteItems
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.inputs import PutTier
from resolvers.roles import still_authorised

_MOST = 10**15  # a float holds every whole number up to there, and so does DynamoDB
# fmt: off
_RANGES = {
    "max_namespaces":         (0, 1_000_000),
    "max_storage_bytes":      (0, _MOST),
    "max_value_bytes":        (1, MAX_ITEM_BYTES),
    "requests_per_month":     (1, _MOST),
    "requests_per_second":    (1, 1_000_000),
}
# fmt: on


def request(ctx: Context, tier: PutTier) -> TransactWriteItems:
    keys = tier.max_keys_per_namespace
    limits = {name: _checked(name, getattr(tier, name)) for name in _RANGES}
    most_keys = None if keys is None else _checked("max_keys_per_namespace", keys)
    entity = TierEntity.new(tier.tier, ctx.timestamp, **limits, max_keys_per_namespace=most_keys)
    ctx.stash["tier"] = entity
    detail = {attribute_name(name): value for name, value in limits.items()} | {"maxKeysPerNamespace": most_keys}
    event = audit(ctx, AuditAction.TIER_CHANGED, user_id=ctx.caller.user_id, target=tier.tier, detail=detail)
    return TransactWriteItems((PutItem(entity.to_item(), table=entity.table), still_authorised(ctx), event))


def response(ctx: Context, result: None) -> TierEntity:
    put: TierEntity = ctx.stash["tier"]
    return put


def failure(ctx: Context, error: TransactionCancelled) -> NoReturn:
    """Whoever has lost his own role at this moment is told so."""
    _, caller, _ = error.reasons
    if caller.failed_condition:
        ctx.unauthorized()
    raise error


def _checked(name: str, value: float) -> int:
    """A whole number in its range."""
    low, high = _RANGES.get(name, (0, _MOST))
    if value != int(value) or not low <= value <= high:
        raise LimitExceeded(f"{name.replace('_', ' ')} is a whole number from {low} to {high}; {value} was given.")
    return int(value)
