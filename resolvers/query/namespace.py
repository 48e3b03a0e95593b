"""Query.namespace: one namespace (access pattern 4); null where there is none for the caller."""

from datastore.access_patterns import AccessPattern
from datastore.operations import GetItem, Item
from resolvers.context import Context
from resolvers.namespaces import NamespaceView, view


def request(ctx: Context, namespace: str) -> GetItem:
    return GetItem(AccessPattern.GET_NAMESPACE.key(ctx.grant), consistent=True)


def response(ctx: Context, result: Item | None) -> NamespaceView | None:
    return view(ctx, result)
