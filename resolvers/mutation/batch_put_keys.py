"""Mutation.batchPutKeys: many puts without conditions, by 25; what could not be written is named."""

from dataclasses import dataclass

from datastore.access_patterns import PrimaryKey
from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest
from datastore.operations import BatchWriteItem
from resolvers.batches import check_batch
from resolvers.context import Context
from resolvers.functions import read_current
from resolvers.inputs import PutKey
from resolvers.key_writes import plan
from resolvers.metering import check_all

STEPS = (read_current,)


@dataclass(frozen=True)
class BatchPut:
    items: list[KeyEntity]
    unprocessed: list[str]


def request(ctx: Context, puts: list[PutKey]) -> BatchWriteItem:
    """The versions are those read a moment ago: a batch takes no conditions, so another's write in between is lost."""
    check_batch(len(puts))
    for put in puts:
        if put.if_version is not None or put.idempotency_key is not None:
            raise BadRequest("A batch takes neither ifVersion nor idempotencyKey: use transactKeys, or putKey.")
    planned = [plan(ctx, put, stored) for put, stored in zip(puts, ctx.stash["current"], strict=True)]
    changes = ctx.stash["changes"] = [
        (ctx.grants[put.namespace], each.change) for put, each in zip(puts, planned, strict=True)
    ]
    check_all(ctx, changes)
    entities = ctx.stash["entities"] = [each.result for each in planned if each.result]
    return BatchWriteItem(puts=tuple(entity.to_item() for entity in entities))


def response(ctx: Context, result: tuple[PrimaryKey, ...]) -> BatchPut:
    left = set(result)
    entities: list[KeyEntity] = ctx.stash["entities"]
    for entity, (grant, change) in zip(entities, ctx.stash["changes"], strict=True):
        if entity.key in left:
            ctx.meter.doubt(entity.key)  # it may be there in spite of that
        else:
            ctx.meter.count_change(grant.owner_id, grant.namespace, change)
    return BatchPut(
        items=[entity for entity in entities if entity.key not in left],
        unprocessed=[entity.name for entity in entities if entity.key in left],
    )
