"""Mutation.batchDeleteKeys: many deletes, by 25; what could not be deleted is named."""

from dataclasses import dataclass

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.operations import BatchWriteItem, Item
from resolvers.batches import check_batch
from resolvers.context import Context
from resolvers.functions import read_deleted
from resolvers.key_state import read
from resolvers.metering import count

STEPS = (read_deleted,)


@dataclass(frozen=True)
class BatchDelete:
    keys: list[str]
    unprocessed: list[str]


def request(ctx: Context, namespace: str, keys: list[str]) -> BatchWriteItem:
    check_batch(len(keys))
    targets = ctx.stash["targets"] = {AccessPattern.GET_KEY.key(ctx.grant, key=key): key for key in keys}
    return BatchWriteItem(deletes=tuple(targets))


def response(ctx: Context, result: tuple[PrimaryKey, ...]) -> BatchDelete:
    targets: dict[PrimaryKey, str] = ctx.stash["targets"]
    before: dict[PrimaryKey, Item | None] = ctx.stash["before"]
    for target in targets:
        if target in result:
            ctx.meter.doubt(target)  # it may have gone in spite of that
        else:
            count(ctx, ctx.grant, read(ctx, before.get(target)), None)
    return BatchDelete(
        keys=[key for target, key in targets.items() if target not in result],
        unprocessed=[targets[target] for target in result],
    )
