"""Step: read the items about to be written, and what an earlier write under the same idempotencyKey answered."""

from typing import Any

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.errors import BadRequest
from datastore.operations import BatchGetItem, Item
from resolvers.batches import check_batch
from resolvers.context import Context
from resolvers.replays import replay, replay_key, token_of


def request(ctx: Context) -> BatchGetItem:
    targets = _targets(ctx)
    check_batch(len(targets))
    seen: set[PrimaryKey] = set()
    keys = [AccessPattern.GET_KEY.key(ctx.grants[target.namespace], key=target.key) for target in targets]
    for target, key in zip(targets, keys, strict=True):
        if key in seen:
            raise BadRequest(f"The key {target.key!r} is named twice; a request may write each key once.")
        seen.add(key)
    ctx.stash["keys"] = len(keys)
    token = token_of(ctx)
    return BatchGetItem(tuple(keys + ([replay_key(ctx, token)] if token else [])), consistent=True)


def response(ctx: Context, result: tuple[Item | None, ...]) -> None:
    """Leaves the items under "current", and the answer to repeat, if there is one, under "replay"."""
    count = ctx.stash["keys"]
    ctx.stash["current"] = result[:count]
    ctx.stash["replay"] = replay(ctx, result[count]) if len(result) > count else None


def _targets(ctx: Context) -> list[Any]:
    """Whatever among the arguments names a namespace and a key."""
    flat = [each for value in ctx.arguments.values() for each in (value if isinstance(value, list) else [value])]
    return [each for each in flat if hasattr(each, "key")]
