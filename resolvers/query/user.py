"""Query.user: one user, for himself or for an administrator (access pattern 1)."""

from datastore.access_patterns import AccessPattern
from datastore.entities.user import UserEntity
from datastore.operations import GetItem, Item
from resolvers.context import Context


def request(ctx: Context, user_id: str) -> GetItem:
    return GetItem(AccessPattern.GET_USER.key(user_id=user_id))


def response(ctx: Context, result: Item | None) -> UserEntity | None:
    return UserEntity.from_item(result) if result else None
