"""Mutations of roles."""

from typing import Annotated

import strawberry

from resolvers.mutation import put_role as put_role_resolver
from resolvers.mutation import set_user_role as set_user_role_resolver
from schema.inputs.roles import RoleInput
from schema.resolving import Info, resolve
from schema.types.arguments import input_argument
from schema.types.role import Role
from schema.types.user import User


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Make a role, or change what its holders may do. For administrators.")
    async def put_role(self, info: Info, new: Annotated[RoleInput, input_argument("The role.")]) -> Role:
        entity = await resolve(
            put_role_resolver, info, role=new.id, permissions=new.permissions, description=new.description
        )
        return Role.of(entity)

    @strawberry.mutation(description="Give another user a role. For administrators.")
    async def set_user_role(
        self,
        info: Info,
        user_id: Annotated[strawberry.ID, strawberry.argument(description="The user's id.")],
        role: Annotated[strawberry.ID, strawberry.argument(description="The id of the role.")],
    ) -> User:
        return User.of(await resolve(set_user_role_resolver, info, user_id=user_id, role=role))
