"""Step: a page of a user's namespaces, as his grants (access pattern 3); the caller's, or the source user's."""

from datastore.access_patterns import AccessPattern
from datastore.operations import Page, Query
from resolvers.context import Context
from resolvers.namespaces import keep_grants
from resolvers.paging import list_request


def request(ctx: Context) -> Query:
    user_id = ctx.source.user_id if ctx.source else ctx.caller.user_id
    return list_request(ctx, AccessPattern.LIST_NAMESPACES.range(user_id=user_id), ctx.arguments["paging"])


def response(ctx: Context, result: Page) -> None:
    keep_grants(ctx, result)
