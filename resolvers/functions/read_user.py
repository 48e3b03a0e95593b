"""Step: the user whom the arguments name, as he stands at this moment."""

from datastore.access_patterns import AccessPattern
from datastore.entities.user import UserEntity
from datastore.errors import NotFound
from datastore.operations import GetItem, Item
from resolvers.context import Context


def request(ctx: Context) -> GetItem:
    return GetItem(AccessPattern.GET_USER.key(user_id=ctx.arguments["user_id"]), consistent=True)


def response(ctx: Context, result: Item | None) -> UserEntity:
    if result is None:
        raise NotFound(f"There is no user {ctx.arguments['user_id']!r}.")
    return UserEntity.from_item(result)
