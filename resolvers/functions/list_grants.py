"""Step: a page of a user's namespaces, as his grants (access pattern 3); the caller's, or the source user's."""

from datastore.access_patterns import AccessPattern
from datastore.expressions import one_of
from datastore.operations import Page, Query
from resolvers.context import Context
from resolvers.namespaces import keep_grants
from resolvers.paging import list_request
from resolvers.scopes import Scope, namespaces_opened


def request(ctx: Context) -> Query:
    """Of the caller's own, those that the scopes of his API key open."""
    user_id = ctx.source.user_id if ctx.source else ctx.caller.user_id
    opened = namespaces_opened(ctx.caller.scopes, Scope.READ)
    only = None if opened is None else one_of("namespace", opened)
    return list_request(ctx, AccessPattern.LIST_NAMESPACES.range(user_id=user_id), ctx.arguments["paging"], only=only)


def response(ctx: Context, result: Page) -> None:
    keep_grants(ctx, result)
