"""User.apiKeys: a user's keys, oldest first; never the secrets, which are not kept."""

from datastore.access_patterns import AccessPattern
from datastore.entities.api_key import ApiKeyEntity
from datastore.expressions import greater, missing
from datastore.operations import Page, Query
from resolvers.context import Context
from resolvers.paging import Listing, Paging, list_request, list_response


def request(ctx: Context, paging: Paging) -> Query:
    live = missing("expiresAt") | greater("expiresAt", ctx.now_seconds)
    return list_request(ctx, AccessPattern.LIST_API_KEYS.range(user_id=ctx.source.user_id), paging, only=live)


def response(ctx: Context, result: Page) -> Listing[ApiKeyEntity]:
    return list_response(ctx, result, ApiKeyEntity.from_item)
