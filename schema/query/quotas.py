"""Queries about quotas."""

import strawberry

from resolvers.query import tiers as tiers_resolver
from schema.resolving import Info, resolve
from schema.types.quota import Tier


@strawberry.type
class Query:
    @strawberry.field(description="What each plan lets its users use.")
    async def tiers(self, info: Info) -> list[Tier]:
        return [Tier.of(entity) for entity in await resolve(tiers_resolver, info)]
