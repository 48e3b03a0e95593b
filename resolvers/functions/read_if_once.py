"""Step: read what is about to be written, with an idempotencyKey or near a limit; else nothing needs to be read."""

from datastore.operations import BatchGetItem, Item
from resolvers.context import Context
from resolvers.functions import read_current
from resolvers.metering import is_tight
from resolvers.replays import token_of


def request(ctx: Context) -> BatchGetItem:
    if token_of(ctx) is None and not is_tight(ctx, ctx.grant):
        ctx.early_return()
    return read_current.request(ctx)


def response(ctx: Context, result: tuple[Item | None, ...]) -> None:
    read_current.response(ctx, result)
