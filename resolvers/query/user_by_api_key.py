"""Query.userByApiKey: whose first API key this is, over GSI1 (access pattern 2); for administrators."""

from datastore.access_patterns import AccessPattern
from datastore.api_keys import digest_api_key
from datastore.entities.user import UserEntity
from datastore.operations import Page, Query
from resolvers.context import Context


def request(ctx: Context, api_key: str) -> Query:
    """The index holds the key's digest: the key itself is stored nowhere."""
    return Query(AccessPattern.GET_USER_BY_API_KEY.range(digest=digest_api_key(api_key)), limit=1)


def response(ctx: Context, result: Page) -> UserEntity | None:
    return UserEntity.from_item(result.items[0]) if result.items else None
