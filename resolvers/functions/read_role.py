"""Step: the role that the arguments name, as it is stored."""

from datastore.access_patterns import AccessPattern
from datastore.operations import GetItem, Item
from resolvers.context import Context


def request(ctx: Context) -> GetItem:
    return GetItem(AccessPattern.GET_ROLE.key(role=ctx.arguments["role"]), consistent=True)


def response(ctx: Context, result: Item | None) -> Item | None:
    return result
