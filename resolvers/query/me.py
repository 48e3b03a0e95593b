"""Query.me: the caller."""

from datastore.access_patterns import AccessPattern
from datastore.entities.user import UserEntity
from datastore.errors import NotFound
from datastore.operations import GetItem, Item
from resolvers.context import Context


def request(ctx: Context) -> GetItem:
    return GetItem(AccessPattern.GET_USER.key(user_id=ctx.caller.user_id))


def response(ctx: Context, result: Item | None) -> UserEntity:
    if result is None:
        raise NotFound("This API key's user no longer exists.")
    return UserEntity.from_item(result)
