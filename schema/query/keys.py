"""Queries about keys."""

from typing import Annotated

import strawberry

from resolvers.paging import Paging
from resolvers.query import key as key_resolver
from resolvers.query import keys as keys_resolver
from resolvers.query import keys_by_name as keys_by_name_resolver
from schema.resolving import Info, resolve
from schema.types.arguments import After, Consistent, First, KeyName, Limit, NamespaceName, NextToken, Prefix, Reverse
from schema.types.connection import Connection
from schema.types.key import Key


@strawberry.type
class Query:
    @strawberry.field(description="One key; null if it is absent or has expired.")
    async def key(
        self, info: Info, namespace: NamespaceName, key: KeyName, consistent: Consistent = None
    ) -> Key | None:
        entity = await resolve(key_resolver, info, namespace=namespace, key=key, consistent=bool(consistent))
        return Key.of_optional(entity)

    @strawberry.field(description="Keys of a namespace by prefix, in the order of their UTF-8 bytes.")
    async def keys(
        self,
        info: Info,
        namespace: NamespaceName,
        prefix: Prefix = None,
        reverse: Reverse = None,
        consistent: Consistent = None,
        limit: Limit = None,
        next_token: NextToken = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Key]:
        listing = await resolve(
            keys_resolver,
            info,
            namespace=namespace,
            paging=Paging(limit, next_token, first, after),
            prefix=prefix,
            reverse=reverse,
            consistent=consistent,
        )
        return Key.all_of(listing)

    @strawberry.field(description="Up to 100 keys, in the order asked for, null where one is absent.")
    async def keys_by_name(
        self,
        info: Info,
        namespace: NamespaceName,
        keys: Annotated[list[str], strawberry.argument(description="The keys.")],
    ) -> list[Key | None]:
        entities = await resolve(keys_by_name_resolver, info, namespace=namespace, keys=keys)
        return [Key.of_optional(entity) for entity in entities]
