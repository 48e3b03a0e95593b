"""Mutation.deleteKey: what was deleted, or null where there was nothing."""

from datastore.access_patterns import AccessPattern
from datastore.entities.key import KeyEntity
from datastore.errors import ConditionFailed
from datastore.operations import DeleteItem, Item
from resolvers.context import Context
from resolvers.inputs import DeleteKey
from resolvers.key_state import absent, at_version, read, version_refused
from resolvers.metering import count


def request(ctx: Context, delete: DeleteKey) -> DeleteItem:
    """With ifVersion, what has gone already needs no version: deleting it again is a success."""
    key = AccessPattern.GET_KEY.key(ctx.grant, key=delete.key)
    if delete.if_version is None:
        return DeleteItem(key)
    now = ctx.now_seconds
    return DeleteItem(key, absent(now) | at_version(delete.if_version, now))


def response(ctx: Context, result: Item | None) -> KeyEntity | None:
    deleted = read(ctx, result)
    count(ctx, ctx.grant, deleted, None)
    return deleted


def failure(ctx: Context, error: ConditionFailed) -> None:
    raise version_refused(read(ctx, error.item), ctx.arguments["delete"].if_version)
