"""Mutations of sessions, and of what one signs in with."""

from typing import Annotated

import strawberry

from resolvers.mutation import login as login_resolver
from resolvers.mutation import logout as logout_resolver
from resolvers.mutation import revoke_session as revoke_session_resolver
from resolvers.mutation import update_me as update_me_resolver
from schema.inputs.sessions import LoginInput
from schema.resolving import Info, resolve
from schema.scalars import AWSEmail
from schema.types.arguments import input_argument
from schema.types.payloads import LoginPayload
from schema.types.user import User


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Sign in with email and password. Open to all.")
    async def login(self, info: Info, who: Annotated[LoginInput, input_argument("Who signs in.")]) -> LoginPayload:
        return LoginPayload.of(await resolve(login_resolver, info, email=who.email, password=who.password))

    @strawberry.mutation(description="End the session that asks. False for a caller who has come with an API key.")
    async def logout(self, info: Info) -> bool:
        return await resolve(logout_resolver, info)

    @strawberry.mutation(description="End one of the caller's sessions. True if there was such a session.")
    async def revoke_session(
        self, info: Info, session_id: Annotated[strawberry.ID, strawberry.argument(description="The session's id.")]
    ) -> bool:
        return await resolve(revoke_session_resolver, info, session_id=session_id)

    @strawberry.mutation(
        description="Change the caller's email or password. A new password ends all sessions but the one that asks."
    )
    async def update_me(
        self,
        info: Info,
        current_password: Annotated[str, strawberry.argument(description="The present password, whatever changes.")],
        email: Annotated[
            AWSEmail | None, strawberry.argument(description="An address that nobody has signed up with.")
        ] = None,
        password: Annotated[str | None, strawberry.argument(description="8 to 128 characters.")] = None,
    ) -> User:
        changed = await resolve(
            update_me_resolver, info, current_password=current_password, email=email, password=password
        )
        return User.of(changed)
