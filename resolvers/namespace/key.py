"""Namespace.key: as Query.key, of the namespace it stands under."""

from datastore.access_patterns import AccessPattern
from datastore.entities.key import KeyEntity
from datastore.key_answers import read_key
from datastore.operations import GetItem, Item
from resolvers.context import Context
from resolvers.key_state import read


def request(ctx: Context, key: str) -> GetItem:
    return GetItem(AccessPattern.GET_KEY.key(ctx.grant, key=key), reads=read_key)


def response(ctx: Context, result: Item | None) -> KeyEntity | None:
    return read(ctx, result)
