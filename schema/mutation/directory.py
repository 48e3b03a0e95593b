"""Mutations of other users' accounts, for administrators."""

from typing import Annotated

import strawberry

from datastore.entities.user import UserStatus
from resolvers.mutation import set_user_status as set_user_status_resolver
from schema.resolving import Info, resolve
from schema.types.user import User


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Suspend an account, or let it in again: counts within seconds, for all its keys and sessions. "
        "For administrators, and for accounts that may do no more than theirs."
    )
    async def set_user_status(
        self,
        info: Info,
        user_id: Annotated[strawberry.ID, strawberry.argument(description="The user's id.")],
        status: Annotated[UserStatus, strawberry.argument(description="ACTIVE or SUSPENDED.")],
    ) -> User:
        return User.of(await resolve(set_user_status_resolver, info, user_id=user_id, status=status))
