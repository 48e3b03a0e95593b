"""Step: read the keys that a batch is about to delete, whose sizes the batch itself does not answer."""

from datastore.access_patterns import AccessPattern
from datastore.operations import BatchGetItem, Item
from resolvers.batches import check_batch
from resolvers.context import Context


def request(ctx: Context) -> BatchGetItem:
    keys: list[str] = ctx.arguments["keys"]
    check_batch(len(keys))
    targets = ctx.stash["read"] = tuple(AccessPattern.GET_KEY.key(ctx.grant, key=key) for key in keys)
    return BatchGetItem(targets, consistent=True)


def response(ctx: Context, result: tuple[Item | None, ...]) -> None:
    """Leaves what is there under "before", by its primary key."""
    ctx.stash["before"] = dict(zip(ctx.stash["read"], result, strict=True))
