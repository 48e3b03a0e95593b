"""User.sessions: where a user is signed in, newest first; never the tokens, which are not kept."""

from datastore.access_patterns import AccessPattern
from datastore.entities.session import SessionEntity
from datastore.operations import Page, Query
from resolvers.context import Context
from resolvers.paging import Listing, Paging, list_request, list_response
from resolvers.sessions import SessionView, live_sessions, view


def request(ctx: Context, paging: Paging) -> Query:
    range_ = AccessPattern.LIST_SESSIONS.range(user_id=ctx.source.user_id)
    return list_request(ctx, range_, paging, reverse=True, only=live_sessions(ctx, ctx.source))


def response(ctx: Context, result: Page) -> Listing[SessionView]:
    return list_response(ctx, result, lambda item: view(ctx, SessionEntity.from_item(item)))
