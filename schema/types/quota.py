"""Tier and Quota: what the users of a plan may use, and what one has used of it."""

from typing import Self

import strawberry

from datastore.entities.tier import TierEntity
from datastore.entities.user import Plan
from resolvers.user.quota import QuotaView
from schema.scalars import AWSDateTime

strawberry.enum(Plan, description="What a user has subscribed to.")


@strawberry.type(description="What the users of a plan may use.")
class Tier:
    tier: Plan = strawberry.field(description="The plan.")
    max_namespaces: int = strawberry.field(description="Namespaces of each user.")
    max_keys_per_namespace: float | None = strawberry.field(description="Keys in each namespace; null for any number.")
    max_storage_bytes: float = strawberry.field(description="Bytes in all of a user's namespaces together.")
    max_value_bytes: int = strawberry.field(description="Bytes of one value, as DynamoDB counts them.")
    requests_per_month: float = strawberry.field(description="Requests of each user in a calendar month of UTC.")
    requests_per_second: int = strawberry.field(description="Requests with each API key or session.")

    @classmethod
    def of(cls, entity: TierEntity) -> Self:
        return cls(
            tier=entity.tier,
            max_namespaces=entity.max_namespaces,
            max_keys_per_namespace=entity.max_keys_per_namespace,
            max_storage_bytes=entity.max_storage_bytes,
            max_value_bytes=entity.max_value_bytes,
            requests_per_month=entity.requests_per_month,
            requests_per_second=entity.requests_per_second,
        )


@strawberry.type(description="What a user may use, and has used.")
class Quota:
    tier: Tier = strawberry.field(description="What may be used.")
    namespaces: int = strawberry.field(description="Namespaces of the user's own; exact.")
    storage_bytes: float = strawberry.field(description="Bytes in all of them; a second or two old.")
    request_count: float = strawberry.field(description="Requests this month; a second or two old.")
    period_ends_at: AWSDateTime = strawberry.field(description="When the month ends and requests start again at 0.")

    @classmethod
    def of(cls, view: QuotaView) -> Self:
        return cls(
            tier=Tier.of(view.tier),
            namespaces=view.totals.namespaces,
            storage_bytes=view.totals.storage_bytes,
            request_count=view.totals.requests,
            period_ends_at=AWSDateTime(view.period_ends_at),
        )
