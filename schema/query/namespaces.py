"""Queries about namespaces."""

import strawberry

from resolvers.paging import Paging
from resolvers.query import namespace as namespace_resolver
from resolvers.query import namespaces as namespaces_resolver
from schema.resolving import Info, resolve
from schema.types.arguments import After, First, Limit, NamespaceId, NextToken
from schema.types.connection import Connection
from schema.types.namespace import Namespace


@strawberry.type
class Query:
    @strawberry.field(description="The namespaces that the caller may use, by name.")
    async def namespaces(
        self,
        info: Info,
        limit: Limit = None,
        next_token: NextToken = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Namespace]:
        paging = Paging(limit, next_token, first, after)
        return Connection[Namespace].of(await resolve(namespaces_resolver, info, paging=paging), Namespace.of)

    @strawberry.field(description="A namespace by name; null where there is none that the caller may use.")
    async def namespace(self, info: Info, namespace: NamespaceId) -> Namespace | None:
        return Namespace.of_optional(await resolve(namespace_resolver, info, namespace=namespace))
