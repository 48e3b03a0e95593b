"""Query.key: one key of a namespace, or null (access pattern 5)."""

from datastore.access_patterns import AccessPattern
from datastore.entities.key import KeyEntity
from datastore.key_answers import read_key
from datastore.operations import GetItem, Item
from resolvers.context import Context
from resolvers.key_state import read


def request(ctx: Context, namespace: str, key: str, consistent: bool = False) -> GetItem:
    return GetItem(AccessPattern.GET_KEY.key(ctx.grant, key=key), consistent, reads=read_key)


def response(ctx: Context, result: Item | None) -> KeyEntity | None:
    return read(ctx, result)
