"""Query.keysByName: up to a hundred keys, in the order asked for, null where there is none."""

from collections.abc import Sequence

from datastore.access_patterns import AccessPattern
from datastore.entities.key import KeyEntity
from datastore.errors import LimitExceeded
from datastore.operations import BatchGetItem, Item
from resolvers.context import Context
from resolvers.key_state import read

MOST_KEYS = 100


def request(ctx: Context, namespace: str, keys: list[str]) -> BatchGetItem:
    if len(keys) > MOST_KEYS:
        raise LimitExceeded(f"keysByName takes at most {MOST_KEYS} keys; {len(keys)} were given.")
    return BatchGetItem(tuple(AccessPattern.GET_KEY.key(ctx.grant, key=key) for key in keys))


def response(ctx: Context, result: tuple[Item | None, ...]) -> Sequence[KeyEntity | None]:
    return [read(ctx, item) for item in result]
