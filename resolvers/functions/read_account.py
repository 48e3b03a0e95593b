"""Step: the user whom an earlier step found, or else the caller, as he is now."""

from datastore.access_patterns import AccessPattern
from datastore.entities.user import UserEntity
from datastore.operations import GetItem, Item
from resolvers.context import Context


def request(ctx: Context) -> GetItem:
    user_id = ctx.stash.get("user_id") or ctx.caller.user_id
    return GetItem(AccessPattern.GET_USER.key(user_id=user_id), consistent=True)


def response(ctx: Context, result: Item | None) -> None:
    ctx.stash["user"] = UserEntity.from_item(result) if result else None
