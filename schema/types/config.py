"""Config: how the service is configured."""

from typing import Self

import strawberry

from datastore.entities.config import ConfigEntity
from datastore.entities.user import Plan
from schema.scalars import AWSDateTime


@strawberry.type(description="How the service is configured.")
class Config:
    sign_up_open: bool = strawberry.field(description="Whether anybody may sign up.")
    default_plan: Plan = strawberry.field(description="What plan a new user has.")
    read_only: bool = strawberry.field(description="Whether all mutations but updateConfig are refused.")
    updated_at: AWSDateTime = strawberry.field(description="When it was last changed.")

    @classmethod
    def of(cls, entity: ConfigEntity) -> Self:
        return cls(
            sign_up_open=entity.sign_up_open,
            default_plan=entity.default_plan,
            read_only=entity.read_only,
            updated_at=AWSDateTime(entity.updated_at),
        )
