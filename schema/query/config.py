"""Queries about the configuration."""

import strawberry

from resolvers.query import config as config_resolver
from schema.resolving import Info, resolve
from schema.types.config import Config


@strawberry.type
class Query:
    @strawberry.field(description="How the service is configured.")
    async def config(self, info: Info) -> Config:
        return Config.of(await resolve(config_resolver, info))
