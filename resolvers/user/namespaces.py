"""User.namespaces: as Query.namespaces, of the user it stands under."""

from datastore.operations import BatchGetItem, Item
from resolvers.context import Context
from resolvers.functions import list_grants
from resolvers.namespaces import NamespaceView, listing_of, namespaces_of_grants
from resolvers.paging import Listing, Paging

STEPS = (list_grants,)


def request(ctx: Context, paging: Paging) -> BatchGetItem:
    return namespaces_of_grants(ctx)


def response(ctx: Context, result: tuple[Item | None, ...]) -> Listing[NamespaceView]:
    return listing_of(ctx, result)
