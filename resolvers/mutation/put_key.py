"""Mutation.putKey: one UpdateItem; version and createdAt follow from what it answers was there."""

from typing import Final, cast

from datastore.entities.key import KeyEntity
from datastore.errors import ConditionFailed, TransactionCancelled
from datastore.expressions import Condition, IfMissing, Increment, Update
from datastore.item_size import item_size
from datastore.json_text import JSONText, render
from datastore.key_answers import read_changed_key
from datastore.operations import Item, TransactWriteItems, UpdateItem
from datastore.stored_keys import GREATEST_INT, StoredKey, just_written
from resolvers.context import Context
from resolvers.functions import read_if_once
from resolvers.inputs import PutKey
from resolvers.key_state import at_version, count_afresh, countable, is_mine, not_mine, read, version_refused
from resolvers.key_writes import WrittenKey, put_key
from resolvers.metering import count, doubt
from resolvers.transactions import cancelled, only_result, transaction

STEPS = (read_if_once,)
_ONE_MORE: Final = Increment(1)


def request(ctx: Context, put: PutKey) -> UpdateItem | TransactWriteItems:
    if "current" in ctx.stash:
        return transaction(ctx, [put], alone=True)
    expected = ctx.stash.get("expected", put.if_version)
    written = ctx.stash["written"] = put_key(ctx, put, version=(expected or 0) + 1)
    condition = _condition(ctx, expected) & not_mine(ctx)
    return UpdateItem(written.key, _update(written, expected), condition, returns="ALL_OLD", reads=read_changed_key)


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


def _update(written: WrittenKey, expected: int | None) -> Update:
    attributes = {**written.item}
    del attributes["PK"], attributes["SK"]
    if expected is None:
        attributes["version"] = _ONE_MORE
    if expected != 0:
        attributes["createdAt"] = IfMissing(attributes["createdAt"])
    return Update(attributes, remove=() if "ttl" in attributes else ("ttl",))


def _after(ctx: Context, before: KeyEntity | None) -> KeyEntity:
    """A StoredKey wherever `before` is one, or none: what was unusual about that may be so about this one too."""
    written: WrittenKey = ctx.stash["written"]
    if before is None:
        return _shown(written, written.item)
    if not isinstance(before, StoredKey) or before.version >= GREATEST_INT:
        return written.entity().as_version(before.version + 1, before.created_at)
    return _shown(written, {**written.item, "version": before.version + 1, "createdAt": before.created_at})


def _shown(written: WrittenKey, item: Item) -> KeyEntity:
    return cast(KeyEntity, just_written(item, JSONText(render(written.value)), item_size(item)))
