"""Mutations of the configuration, for administrators."""

from typing import Annotated

import strawberry

from resolvers.mutation import update_config as update_config_resolver
from schema.inputs.config import ConfigInput
from schema.resolving import Info, resolve
from schema.types.arguments import input_argument
from schema.types.config import Config


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Change how the service is configured. Works while it is read-only too. For administrators."
    )
    async def update_config(self, info: Info, change: Annotated[ConfigInput, input_argument("The change.")]) -> Config:
        changed = await resolve(
            update_config_resolver,
            info,
            sign_up_open=change.sign_up_open,
            default_plan=change.default_plan,
            read_only=change.read_only,
        )
        return Config.of(changed)
