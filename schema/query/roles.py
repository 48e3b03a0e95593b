"""Queries of roles."""

import strawberry

from resolvers.query import roles as roles_resolver
from schema.resolving import Info, resolve
from schema.types.role import Role


@strawberry.type
class Query:
    @strawberry.field(description="Every role that there is, by name.")
    async def roles(self, info: Info) -> list[Role]:
        return [Role.of(entity) for entity in await resolve(roles_resolver, info)]
