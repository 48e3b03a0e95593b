"""Mutation.transactKeys: up to a hundred puts, deletes and checks, all or nothing."""

from collections.abc import Sequence

from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest, LimitExceeded, TransactionCancelled
from datastore.operations import TransactWriteItems
from resolvers.context import Context
from resolvers.functions import read_current
from resolvers.inputs import KeyWrite, PutKey
from resolvers.transactions import MAX_ACTIONS, cancelled, transaction

STEPS = (read_current,)


def request(ctx: Context, writes: list[KeyWrite], idempotency_key: str | None = None) -> TransactWriteItems:
    each = [write.one for write in writes]
    if not each:
        raise BadRequest("A transaction needs at least one write.")
    if len(each) > MAX_ACTIONS:
        raise LimitExceeded(f"A transaction may have {MAX_ACTIONS} writes; this one has {len(each)}.")
    if any(isinstance(write, PutKey) and write.idempotency_key is not None for write in each):
        raise BadRequest("In a transaction, give the idempotencyKey to transactKeys, not to a put.")
    return transaction(ctx, each)


def response(ctx: Context, result: None) -> Sequence[KeyEntity | None]:
    """A put answers the key, a delete what was deleted, a check the key as it stood."""
    results: Sequence[KeyEntity | None] = ctx.stash["results"]
    return results


def failure(ctx: Context, error: TransactionCancelled) -> Sequence[KeyEntity | None]:
    cancelled(ctx, error)
