"""Step: the namespace that the caller's grant is for, as it stands; None where it has gone."""

from datastore.access_patterns import AccessPattern
from datastore.operations import GetItem, Item
from resolvers.context import Context
from resolvers.namespaces import NamespaceView, view


def request(ctx: Context) -> GetItem:
    return GetItem(AccessPattern.GET_NAMESPACE.key(ctx.grant), consistent=True)


def response(ctx: Context, result: Item | None) -> NamespaceView | None:
    return view(ctx, result)
