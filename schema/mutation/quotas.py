"""Mutations of plans and of what they let users use, for administrators."""

from typing import Annotated

import strawberry

from datastore.entities.user import Plan
from resolvers.mutation import put_tier as put_tier_resolver
from resolvers.mutation import set_user_plan as set_user_plan_resolver
from schema.inputs.quotas import TierInput
from schema.resolving import Info, resolve
from schema.types.arguments import input_argument
from schema.types.quota import Tier
from schema.types.user import User


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Set what a plan lets its users use. For administrators.")
    async def put_tier(self, info: Info, tier: Annotated[TierInput, input_argument("The tier.")]) -> Tier:
        return Tier.of(await resolve(put_tier_resolver, info, tier=tier.to_value()))

    @strawberry.mutation(description="Give a user another plan; counts within seconds. For administrators.")
    async def set_user_plan(
        self,
        info: Info,
        user_id: Annotated[strawberry.ID, strawberry.argument(description="The user's id.")],
        plan: Annotated[Plan, strawberry.argument(description="The new plan.")],
    ) -> User:
        return User.of(await resolve(set_user_plan_resolver, info, user_id=user_id, plan=plan))
