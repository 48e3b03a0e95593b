"""Queries about accounts."""

from typing import Annotated

import strawberry

from resolvers.query import me as me_resolver
from resolvers.query import user as user_resolver
from resolvers.query import user_by_api_key as user_by_api_key_resolver
from schema.resolving import Info, resolve
from schema.types.user import User


@strawberry.type
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
