"""Mutation.putKey: one UpdateItem; version and createdAt follow from what it answers was there."""

from datastore.entities.key import KeyEntity
from datastore.errors import ConditionFailed, TransactionCancelled
from datastore.expressions import Condition, IfMissing, Increment, Update
from datastore.operations import Item, TransactWriteItems, UpdateItem
from datastore.stored_keys import read_changed_key
from resolvers.context import Context
from resolvers.functions import read_if_once
from resolvers.inputs import PutKey
from resolvers.key_state import at_version, count_afresh, countable, is_mine, not_mine, read, version_refused
from resolvers.key_writes import put_entity
from resolvers.metering import count, doubt
from resolvers.transactions import cancelled, only_result, transaction

STEPS = (read_if_once,)


def request(ctx: Context, put: PutKey) -> UpdateItem | TransactWriteItems:
    if "current" in ctx.stash:
        return transaction(ctx, [put], alone=True)
    expected = ctx.stash.get("expected", put.if_version)
    entity = ctx.stash["entity"] = put_entity(ctx, put, version=(expected or 0) + 1)
    condition = _condition(ctx, expected) & not_mine(ctx)
    return UpdateItem(entity.key, _update(entity, expected), condition, returns="ALL_OLD", reads=read_changed_key)


def response(ctx: Context, result: Item | None) -> KeyEntity:
    if "results" in ctx.stash:
        return only_result(ctx)
    before = read(ctx, result)
    after = _after(ctx, before)
    count(ctx, ctx.grant, before, after)
    return after


def failure(ctx: Context, error: ConditionFailed | TransactionCancelled) -> KeyEntity:
    """Our own lost answer is a success; what can't be counted on from is put again, as of the version it counts as."""
    if isinstance(error, TransactionCancelled):
        cancelled(ctx, error)
    assert isinstance(error, ConditionFailed)  # noqa: S101
    if is_mine(ctx, error.item):
        doubt(ctx)  # what it replaced was in the answer that was lost
        return KeyEntity.from_item(error.item or {})
    wanted: int | None = ctx.arguments["put"].if_version
    if wanted is not None:
        raise version_refused(read(ctx, error.item), wanted)
    count_afresh(ctx, error.item)


def _condition(ctx: Context, expected: int | None) -> Condition:
    now = ctx.now_seconds
    return countable(now) if expected is None else at_version(expected, now)


def _update(entity: KeyEntity, expected: int | None) -> Update:
    attributes = entity.to_attributes()
    if expected is None:
        attributes["version"] = Increment(1)
    if expected != 0:
        attributes["createdAt"] = IfMissing(entity.created_at)
    return Update(attributes, remove=() if "ttl" in attributes else ("ttl",))


def _after(ctx: Context, before: KeyEntity | None) -> KeyEntity:
    entity: KeyEntity = ctx.stash["entity"]
    if before is None:
        return entity
    return entity.as_version(before.version + 1, before.created_at)
