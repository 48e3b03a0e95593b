"""Query.keys: the keys of a namespace by prefix (access pattern 6)."""

from datastore.entities.key import KeyEntity
from datastore.operations import Page, Query
from resolvers.context import Context
from resolvers.key_listing import keys_request, keys_response
from resolvers.paging import Listing, Paging


def request(
    ctx: Context,
    namespace: str,
    paging: Paging,
    prefix: str | None = None,
    reverse: bool | None = None,
    consistent: bool | None = None,
) -> Query:
    return keys_request(ctx, paging, prefix=prefix, reverse=reverse, consistent=consistent)


def response(ctx: Context, result: Page) -> Listing[KeyEntity]:
    return keys_response(ctx, result)
