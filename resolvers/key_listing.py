"""The keys of a namespace, page by page: over GSI1 as access pattern 6 has it, or consistently from the table."""

from datastore.access_patterns import AccessPattern
from datastore.entities.key import KeyEntity
from datastore.key_answers import read_keys
from datastore.operations import Page, Query
from resolvers.context import Context
from resolvers.key_state import keys_of, live
from resolvers.paging import Listing, Paging, list_request, listing


def keys_request(
    ctx: Context, paging: Paging, *, prefix: str | None, reverse: bool | None, consistent: bool | None
) -> Query:
    pattern = AccessPattern.LIST_KEYS_CONSISTENT if consistent else AccessPattern.LIST_KEYS
    keys = pattern.range(ctx.grant, prefix=prefix or "")
    only = live(ctx.now_seconds)
    return list_request(
        ctx, keys, paging, reverse=bool(reverse), consistent=bool(consistent), only=only, reads=read_keys
    )


def keys_response(ctx: Context, page: Page) -> Listing[KeyEntity]:
    return listing(ctx, page, keys_of(page.items))
