"""Role: what those who have it may do beyond what is their own."""

from typing import Self

import strawberry

from datastore.entities.role import RoleEntity


@strawberry.type(description="What users who have it may do beyond what is their own.")
class Role:
    id: strawberry.ID = strawberry.field(description="Its name.")
    permissions: list[str] = strawberry.field(description="What it opens, as noun:verb; * is everything.")
    description: str | None = strawberry.field(description="What it is for.")

    @classmethod
    def of(cls, entity: RoleEntity) -> Self:
        return cls(id=strawberry.ID(entity.role), permissions=list(entity.permissions), description=entity.description)
