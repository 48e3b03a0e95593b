"""The Query type."""

from typing import Annotated

import strawberry

from resolvers.paging import Paging
from resolvers.query import key as key_resolver
from resolvers.query import keys as keys_resolver
from resolvers.query import keys_by_name as keys_by_name_resolver
from resolvers.query import me as me_resolver
from resolvers.query import namespace as namespace_resolver
from resolvers.query import namespaces as namespaces_resolver
from resolvers.query import user as user_resolver
from resolvers.query import user_by_api_key as user_by_api_key_resolver
from schema.resolving import Info, resolve
from schema.types.arguments import (
    After,
    Consistent,
    First,
    KeyName,
    Limit,
    NamespaceId,
    NamespaceName,
    NextToken,
    Prefix,
    Reverse,
)
from schema.types.connection import Connection
from schema.types.key import Key
from schema.types.namespace import Namespace
from schema.types.user import User


@strawberry.type(description="What may be asked for.")
class Query:
    @strawberry.field(description="The caller.")
    async def me(self, info: Info) -> User:
        return User.of(await resolve(me_resolver, info))

    @strawberry.field(description="A user by id. For the user himself and for administrators.")
    async def user(
        self, info: Info, user_id: Annotated[strawberry.ID, strawberry.argument(description="The user's id.")]
    ) -> User | None:
        return User.of_optional(await resolve(user_resolver, info, user_id=user_id))

    @strawberry.field(description="Whose first API key this is. For administrators.")
    async def user_by_api_key(
        self, info: Info, api_key: Annotated[str, strawberry.argument(description="The key itself.")]
    ) -> User | None:
        return User.of_optional(await resolve(user_by_api_key_resolver, info, api_key=api_key))

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
        return Connection[Key].of(listing, Key.of)

    @strawberry.field(description="Up to 100 keys, in the order asked for, null where one is absent.")
    async def keys_by_name(
        self,
        info: Info,
        namespace: NamespaceName,
        keys: Annotated[list[str], strawberry.argument(description="The keys.")],
    ) -> list[Key | None]:
        entities = await resolve(keys_by_name_resolver, info, namespace=namespace, keys=keys)
        return [Key.of_optional(entity) for entity in entities]
