"""What writes to keys do to the quota of the namespace's owner: counted when answered, checked before they are sent.

Far from every limit nothing is read for it. Near one a write is planned from what is there, so that it is known what
it adds: see `is_tight`.
"""

from collections.abc import Iterable
from datetime import timedelta

from datastore.access_patterns import AccessPattern
from datastore.entities.key import KeyEntity
from datastore.entities.tier import TierEntity
from datastore.errors import LimitExceeded
from datastore.grants import Grant
from datastore.item_size import MAX_ITEM_BYTES
from datastore.metering.account import NO_CHANGE, Change
from datastore.metering.months import timestamp
from resolvers.context import Context

_RECOUNT_AFTER = timedelta(minutes=5)


def change(before: KeyEntity | None, after: KeyEntity | None) -> Change:
    """An expired key counts as absent, here as everywhere."""
    return Change(
        (after is not None) - (before is not None),
        (after.size if after else 0) - (before.size if before else 0),
        after is not None and after.ttl is not None,
    )


def count(ctx: Context, grant: Grant, before: KeyEntity | None, after: KeyEntity | None) -> None:
    """The write has happened."""
    if (done := change(before, after)) != NO_CHANGE:
        ctx.meter.count_change(grant.owner_id, grant.namespace, done)


def doubt(ctx: Context) -> None:
    """The write has happened, but what it changed is not known: the namespace is to be counted again."""
    ctx.meter.doubt(AccessPattern.GET_NAMESPACE.key(ctx.grant))


def tier_of(ctx: Context, grant: Grant) -> TierEntity | None:
    """The owner's; None where it is another's, and not known yet."""
    if grant.owner_id == ctx.caller.user_id:
        return ctx.policies.tiers[ctx.caller.plan]
    known = ctx.meter.known(grant.owner_id)
    return ctx.policies.tiers[known.plan] if known and known.plan else None


def is_tight(ctx: Context, grant: Grant) -> bool:
    """Whether one more key, of whatever size, might go beyond a limit."""
    tier, stored = tier_of(ctx, grant), ctx.meter.stored(grant.owner_id, grant.namespace)
    if tier is None or stored is None:
        return False
    full = tier.max_keys_per_namespace is not None and stored.keys >= tier.max_keys_per_namespace
    return full or stored.storage_bytes + MAX_ITEM_BYTES > tier.max_storage_bytes


def check_room(ctx: Context, grant: Grant, wanted: Change) -> None:
    """Raises LimitExceeded where the change would go beyond a limit. What makes less is never refused."""
    tier, stored = tier_of(ctx, grant), ctx.meter.stored(grant.owner_id, grant.namespace)
    if tier is None or stored is None:
        return
    keys, size = stored.keys + wanted.keys, stored.storage_bytes + wanted.storage_bytes
    most = tier.max_keys_per_namespace
    if wanted.keys > 0 and most is not None and keys > most:
        _count_what_expires(ctx, grant)
        raise LimitExceeded(
            f"A namespace of the tier {tier.tier} may have {most} keys; {grant.namespace!r} would have {keys}."
        )
    if wanted.storage_bytes > 0 and size > tier.max_storage_bytes:
        _count_what_expires(ctx, grant)
        raise LimitExceeded(
            f"The tier {tier.tier} may store {tier.max_storage_bytes} bytes; with this there would be {size}."
        )


def check_all(ctx: Context, changes: Iterable[tuple[Grant, Change]]) -> None:
    """Raises LimitExceeded where the changes together would go beyond a limit."""
    together: dict[Grant, Change] = {}
    for grant, each in changes:
        together[grant] = together.get(grant, NO_CHANGE) + each
    for grant, wanted in together.items():
        check_room(ctx, grant, wanted)


def check_value(ctx: Context, grant: Grant, size: int) -> None:
    """Raises LimitExceeded where a value of this size is larger than the owner's tier lets it be."""
    tier = tier_of(ctx, grant)
    if tier is not None and size > tier.max_value_bytes:
        raise LimitExceeded(
            f"A value of the tier {tier.tier} may have {tier.max_value_bytes} bytes; this one has {size}."
        )


def _count_what_expires(ctx: Context, grant: Grant) -> None:
    """Keys go when they expire, which nobody tells us: before a limit holds for long, it is looked what is there."""
    known = ctx.meter.known(grant.owner_id)
    soon = timestamp(ctx.now - _RECOUNT_AFTER)
    for stored in known.storage.values() if known else ():
        if stored.expiring and (stored.counted_at or "") < soon:
            ctx.meter.in_doubt.add(ctx.meter.partition_of(stored.namespace))
