"""User.messages: what a user has been told, newest first. Messages are private: nobody else reads them."""

from datastore.access_patterns import AccessPattern
from datastore.entities.message import MessageEntity
from datastore.operations import Page, Query
from resolvers.context import Context
from resolvers.paging import Listing, Paging, list_request, list_response


def request(ctx: Context, paging: Paging) -> Query:
    return list_request(ctx, AccessPattern.LIST_MESSAGES.range(user_id=ctx.source.user_id), paging, reverse=True)


def response(ctx: Context, result: Page) -> Listing[MessageEntity]:
    return list_response(ctx, result, MessageEntity.from_item)
