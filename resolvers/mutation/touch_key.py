"""Mutation.touchKey: set or clear when a key expires; null where there is no key."""

from datastore.access_patterns import AccessPattern
from datastore.entities.key import KeyEntity
from datastore.errors import ConditionFailed
from datastore.expressions import Increment, Update, exists
from datastore.operations import Item, UpdateItem
from resolvers.context import Context
from resolvers.key_state import expiry, is_mine, live, not_mine
from resolvers.metering import count, doubt


def request(ctx: Context, namespace: str, key: str, expires_in: int | None = None) -> UpdateItem:
    ttl = expiry(ctx, None, expires_in)
    changes = {"version": Increment(1, start=1), "updatedAt": ctx.timestamp, "writeId": ctx.write_id}
    update = Update(changes, remove=("ttl",)) if ttl is None else Update(changes | {"ttl": ttl})
    there = exists("PK") & live(ctx.now_seconds)
    ctx.stash["ttl"] = ttl
    target = AccessPattern.GET_KEY.key(ctx.grant, key=key)
    return UpdateItem(target, update, there & not_mine(ctx), returns="ALL_OLD")


def response(ctx: Context, result: Item | None) -> KeyEntity | None:
    if result is None:
        return None
    before = KeyEntity.from_item(result)
    written = {"updated_at": ctx.timestamp, "write_id": ctx.write_id, "ttl": ctx.stash["ttl"]}
    after = before.model_copy(update={"version": before.version + 1, **written})
    count(ctx, ctx.grant, before, after)
    return after


def failure(ctx: Context, error: ConditionFailed) -> KeyEntity | None:
    if not is_mine(ctx, error.item):
        return None
    doubt(ctx)  # whether it had an expiry before was in the answer that was lost
    return KeyEntity.from_item(error.item or {})
