"""Mutation.touchKey: set or clear when a key expires; null where there is no key."""

from datastore.access_patterns import AccessPattern
from datastore.entities.key import KeyEntity
from datastore.errors import ConditionFailed
from datastore.expressions import Increment, Update, exists
from datastore.operations import Item, UpdateItem
from resolvers.context import Context
from resolvers.key_state import expiry, is_mine, live, not_mine


def request(ctx: Context, namespace: str, key: str, expires_in: int | None = None) -> UpdateItem:
    ttl = expiry(ctx, None, expires_in)
    changes = {"version": Increment(1, start=1), "updatedAt": ctx.timestamp, "writeId": ctx.write_id}
    update = Update(changes, remove=("ttl",)) if ttl is None else Update(changes | {"ttl": ttl})
    there = exists("PK") & live(ctx.now_seconds)
    return UpdateItem(AccessPattern.GET_KEY.key(ctx.grant, key=key), update, there & not_mine(ctx))


def response(ctx: Context, result: Item | None) -> KeyEntity | None:
    return KeyEntity.from_item(result) if result else None


def failure(ctx: Context, error: ConditionFailed) -> KeyEntity | None:
    return KeyEntity.from_item(error.item or {}) if is_mine(ctx, error.item) else None
