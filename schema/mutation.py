"""The Mutation type: accounts, namespaces and keys."""

from typing import Annotated

import strawberry

from resolvers.mutation import batch_delete_keys as batch_delete_keys_resolver
from resolvers.mutation import batch_put_keys as batch_put_keys_resolver
from resolvers.mutation import create_api_key as create_api_key_resolver
from resolvers.mutation import create_namespace as create_namespace_resolver
from resolvers.mutation import delete_key as delete_key_resolver
from resolvers.mutation import delete_namespace as delete_namespace_resolver
from resolvers.mutation import increment_key as increment_key_resolver
from resolvers.mutation import put_key as put_key_resolver
from resolvers.mutation import revoke_api_key as revoke_api_key_resolver
from resolvers.mutation import sign_up as sign_up_resolver
from resolvers.mutation import touch_key as touch_key_resolver
from resolvers.mutation import transact_keys as transact_keys_resolver
from resolvers.mutation import update_namespace as update_namespace_resolver
from schema.inputs import (
    CreateApiKeyInput,
    CreateNamespaceInput,
    DeleteKeyInput,
    IncrementKeyInput,
    KeyWrite,
    PutKeyInput,
    SignUpInput,
    UpdateNamespaceInput,
)
from schema.resolving import Info, resolve
from schema.types.api_key import ApiKey
from schema.types.arguments import KeyName, NamespaceId, NamespaceName
from schema.types.key import Key
from schema.types.namespace import Namespace
from schema.types.payloads import BatchDeletePayload, BatchPutPayload, CreateApiKeyPayload, SignUpPayload
from schema.types.user import User


def _input(description: str) -> object:
    return strawberry.argument(name="input", description=description)


@strawberry.type(description="What may be changed.")
class Mutation:
    @strawberry.mutation(description="A new account with its first API key. Open to all.")
    async def sign_up(self, info: Info, new: Annotated[SignUpInput, _input("The account.")]) -> SignUpPayload:
        made = await resolve(sign_up_resolver, info, email=new.email, password=new.password)
        return SignUpPayload(user=User.of(made.user), api_key=made.api_key)

    @strawberry.mutation(description="Another API key for the caller.")
    async def create_api_key(
        self, info: Info, new: Annotated[CreateApiKeyInput, _input("The key.")]
    ) -> CreateApiKeyPayload:
        made = await resolve(create_api_key_resolver, info, name=new.name, scopes=new.scopes, expires_in=new.expires_in)
        return CreateApiKeyPayload(api_key=ApiKey.of(made.entity), secret=made.secret)

    @strawberry.mutation(description="End one of the caller's API keys. True if there was such a key.")
    async def revoke_api_key(
        self, info: Info, api_key_id: Annotated[strawberry.ID, strawberry.argument(description="The key's id.")]
    ) -> bool:
        return await resolve(revoke_api_key_resolver, info, api_key_id=api_key_id)

    @strawberry.mutation(description="A new namespace, which belongs to the caller.")
    async def create_namespace(
        self, info: Info, new: Annotated[CreateNamespaceInput, _input("The namespace.")]
    ) -> Namespace:
        made = await resolve(create_namespace_resolver, info, namespace=new.id, description=new.description)
        return Namespace.of(made)

    @strawberry.mutation(description="Change what a namespace is said to be for.")
    async def update_namespace(
        self, info: Info, change: Annotated[UpdateNamespaceInput, _input("The change.")]
    ) -> Namespace:
        view = await resolve(update_namespace_resolver, info, namespace=change.id, description=change.description)
        return Namespace.of(view)

    @strawberry.mutation(
        description="Delete a namespace and all its keys. Answers at once; the name is free when all is gone."
    )
    async def delete_namespace(self, info: Info, namespace: NamespaceId) -> Namespace | None:
        return Namespace.of_optional(await resolve(delete_namespace_resolver, info, namespace=namespace))

    @strawberry.mutation(description="Write a key.")
    async def put_key(self, info: Info, put: Annotated[PutKeyInput, _input("The key.")]) -> Key:
        return Key.of(await resolve(put_key_resolver, info, put=put.to_value()))

    @strawberry.mutation(description="Delete a key. Answers what was deleted, or null where there was nothing.")
    async def delete_key(self, info: Info, delete: Annotated[DeleteKeyInput, _input("The key.")]) -> Key | None:
        return Key.of_optional(await resolve(delete_key_resolver, info, delete=delete.to_value()))

    @strawberry.mutation(description="Add to a number, atomically. An absent key counts as 0.")
    async def increment_key(
        self, info: Info, increment: Annotated[IncrementKeyInput, _input("The key and the number.")]
    ) -> Key:
        return Key.of(await resolve(increment_key_resolver, info, increment=increment.to_value()))

    @strawberry.mutation(description="Set when a key expires, or clear it. Null where there is no key.")
    async def touch_key(
        self,
        info: Info,
        namespace: NamespaceName,
        key: KeyName,
        expires_in: Annotated[
            int | None, strawberry.argument(description="Seconds from now; null: it does not expire.")
        ] = None,
    ) -> Key | None:
        entity = await resolve(touch_key_resolver, info, namespace=namespace, key=key, expires_in=expires_in)
        return Key.of_optional(entity)

    @strawberry.mutation(description="Write up to 500 keys, without conditions and not all or nothing.")
    async def batch_put_keys(
        self, info: Info, puts: Annotated[list[PutKeyInput], _input("The keys.")]
    ) -> BatchPutPayload:
        done = await resolve(batch_put_keys_resolver, info, puts=[put.to_value() for put in puts])
        return BatchPutPayload(items=[Key.of(entity) for entity in done.items], unprocessed=done.unprocessed)

    @strawberry.mutation(description="Delete up to 500 keys, without conditions and not all or nothing.")
    async def batch_delete_keys(
        self,
        info: Info,
        namespace: NamespaceName,
        keys: Annotated[list[str], strawberry.argument(description="The keys.")],
    ) -> BatchDeletePayload:
        done = await resolve(batch_delete_keys_resolver, info, namespace=namespace, keys=keys)
        return BatchDeletePayload(keys=done.keys, unprocessed=done.unprocessed)

    @strawberry.mutation(
        description="Up to 100 writes, all or nothing. Answers each put key, each deleted key, and each checked key."
    )
    async def transact_keys(
        self,
        info: Info,
        writes: Annotated[list[KeyWrite], strawberry.argument(description="The writes, each to another key.")],
        idempotency_key: Annotated[
            str | None,
            strawberry.argument(
                description="The same writes sent again within 24 hours are done once; takes one of the 100."
            ),
        ] = None,
    ) -> list[Key | None]:
        results = await resolve(
            transact_keys_resolver,
            info,
            writes=[write.to_value() for write in writes],
            idempotency_key=idempotency_key,
        )
        return [Key.of_optional(entity) for entity in results]
