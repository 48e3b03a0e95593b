"""Mutations of keys."""

from typing import Annotated

import strawberry

from resolvers.mutation import batch_delete_keys as batch_delete_keys_resolver
from resolvers.mutation import batch_put_keys as batch_put_keys_resolver
from resolvers.mutation import delete_key as delete_key_resolver
from resolvers.mutation import increment_key as increment_key_resolver
from resolvers.mutation import put_key as put_key_resolver
from resolvers.mutation import touch_key as touch_key_resolver
from resolvers.mutation import transact_keys as transact_keys_resolver
from schema.inputs.keys import DeleteKeyInput, IncrementKeyInput, KeyWrite, PutKeyInput
from schema.resolving import Info, resolve
from schema.types.arguments import KeyName, NamespaceName, input_argument
from schema.types.key import Key
from schema.types.payloads import BatchDeletePayload, BatchPutPayload


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Write a key.")
    async def put_key(self, info: Info, put: Annotated[PutKeyInput, input_argument("The key.")]) -> Key:
        return Key.of(await resolve(put_key_resolver, info, put=put.to_value()))

    @strawberry.mutation(description="Delete a key. Answers what was deleted, or null where there was nothing.")
    async def delete_key(self, info: Info, delete: Annotated[DeleteKeyInput, input_argument("The key.")]) -> Key | None:
        return Key.of_optional(await resolve(delete_key_resolver, info, delete=delete.to_value()))

    @strawberry.mutation(description="Add to a number, atomically. An absent key counts as 0.")
    async def increment_key(
        self, info: Info, increment: Annotated[IncrementKeyInput, input_argument("The key and the number.")]
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
        self, info: Info, puts: Annotated[list[PutKeyInput], input_argument("The keys.")]
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
