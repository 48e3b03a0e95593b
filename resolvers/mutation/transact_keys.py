"""Mutation.transactKeys: up to a hundred puts, deletes and checks, all or nothing."""

from collections.abc import Sequence

from datastore.entities.key import KeyEntity
from datastore.errors import TransactionCancelled
from datastore.operations import TransactWriteItems
from resolvers.context import Context
from resolvers.functions import check_writes, read_current
from resolvers.inputs import KeyWrite
from resolvers.transactions import cancelled, settle, transaction

STEPS = (check_writes, read_current)


def request(ctx: Context, writes: list[KeyWrite], idempotency_key: str | None = None) -> TransactWriteItems:
    return transaction(ctx, [write.one for write in writes])


def response(ctx: Context, result: None) -> Sequence[KeyEntity | None]:
    """A put answers the key, a delete what was deleted, a check the key as it stood."""
    return settle(ctx)


def failure(ctx: Context, error: TransactionCancelled) -> Sequence[KeyEntity | None]:
    cancelled(ctx, error)
