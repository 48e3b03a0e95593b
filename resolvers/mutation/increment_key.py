"""Mutation.incrementKey: atomic addition. Sent once only, because twice would count twice."""

from datastore.entities.key import KeyEntity
from datastore.errors import ConditionFailed, TransactionCancelled
from datastore.expressions import Condition, IfMissing, Increment, Update, exists, has_type, missing
from datastore.operations import Item, TransactWriteItems, UpdateItem
from resolvers.context import Context
from resolvers.functions import read_if_once
from resolvers.inputs import IncrementKey
from resolvers.key_state import absent, count_afresh, live, read
from resolvers.key_writes import add, check_number, written_key
from resolvers.metering import count
from resolvers.transactions import cancelled, only_result, transaction

STEPS = (read_if_once,)


def request(ctx: Context, increment: IncrementKey) -> UpdateItem | TransactWriteItems:
    if "current" in ctx.stash:
        return transaction(ctx, [increment], alone=True)
    entity = written_key(ctx, increment, increment.by, version=1, place="by").entity()
    expected = ctx.stash.get("expected")
    update = _fresh(entity) if expected == 0 else _counted(entity, first_version=expected or 0)
    return UpdateItem(entity.key, update, _condition(ctx.now_seconds, expected), repeatable=False)


def response(ctx: Context, result: Item | None) -> KeyEntity:
    if "results" in ctx.stash:
        return only_result(ctx)
    after = KeyEntity.from_item(result or {})
    count(ctx, ctx.grant, _before(ctx, after), after)
    return after


def failure(ctx: Context, error: ConditionFailed | TransactionCancelled) -> KeyEntity:
    """An expired key starts again from `by`, one without a version counts as 1, anything but a number is refused."""
    if isinstance(error, TransactionCancelled):
        cancelled(ctx, error)
    assert isinstance(error, ConditionFailed)  # noqa: S101
    current = read(ctx, error.item)
    if current:
        check_number(current)
    count_afresh(ctx, error.item)


def _before(ctx: Context, after: KeyEntity) -> KeyEntity | None:
    """The key as it was, which follows from what it is: but for the number and the version nothing has another size."""
    if after.version == 1 or ctx.stash.get("expected") == 0:
        return None
    by = ctx.arguments["increment"].by
    return after.model_copy(update={"value": add(after.value, -by), "version": after.version - 1})


def _condition(now: int, expected: int | None) -> Condition:
    if expected == 0:
        return absent(now)
    counted = missing("version") & exists("PK") if expected else exists("version")
    number = has_type("value", "N") & counted & live(now)
    return number if expected else missing("PK") | number


def _counted(entity: KeyEntity, *, first_version: int) -> Update:
    attributes = entity.to_attributes()
    attributes["value"] = Increment(entity.value)
    attributes["version"] = Increment(1, start=first_version)
    attributes["createdAt"] = IfMissing(entity.created_at)
    return Update(attributes)


def _fresh(entity: KeyEntity) -> Update:
    attributes = entity.to_attributes()
    return Update(attributes, remove=("ttl",))
