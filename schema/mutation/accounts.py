"""Mutations of accounts and of their API keys."""

from typing import Annotated

import strawberry

from resolvers.mutation import create_api_key as create_api_key_resolver
from resolvers.mutation import revoke_api_key as revoke_api_key_resolver
from resolvers.mutation import sign_up as sign_up_resolver
from schema.inputs.accounts import CreateApiKeyInput, SignUpInput
from schema.resolving import Info, resolve
from schema.types.api_key import ApiKey
from schema.types.arguments import input_argument
from schema.types.payloads import CreateApiKeyPayload, SignUpPayload
from schema.types.user import User


@strawberry.type
class Mutation:
    @strawberry.mutation(description="A new account with its first API key. Open to all.")
    async def sign_up(self, info: Info, new: Annotated[SignUpInput, input_argument("The account.")]) -> SignUpPayload:
        made = await resolve(sign_up_resolver, info, email=new.email, password=new.password)
        return SignUpPayload(user=User.of(made.user), api_key=made.api_key)

    @strawberry.mutation(description="Another API key for the caller.")
    async def create_api_key(
        self, info: Info, new: Annotated[CreateApiKeyInput, input_argument("The key.")]
    ) -> CreateApiKeyPayload:
        made = await resolve(create_api_key_resolver, info, name=new.name, scopes=new.scopes, expires_in=new.expires_in)
        return CreateApiKeyPayload(api_key=ApiKey.of(made.entity), secret=made.secret)

    @strawberry.mutation(description="End one of the caller's API keys. True if there was such a key.")
    async def revoke_api_key(
        self, info: Info, api_key_id: Annotated[strawberry.ID, strawberry.argument(description="The key's id.")]
    ) -> bool:
        return await resolve(revoke_api_key_resolver, info, api_key_id=api_key_id)
