"""What mutations of tiers take."""

import strawberry

from datastore.entities.user import Plan
from resolvers import inputs


@strawberry.input(description="What the users of a plan may use from now on; all of it.")
class TierInput:
    tier: Plan = strawberry.field(description="The plan.")
    max_namespaces: int = strawberry.field(description="Namespaces of each user.")
    max_keys_per_namespace: float | None = strawberry.field(
        default=None, description="Keys in each namespace; null for any number."
    )
    max_storage_bytes: float = strawberry.field(description="Bytes in all of a user's namespaces together.")
    max_value_bytes: int = strawberry.field(description="Bytes of one value, at most 409,600.")
    requests_per_month: float = strawberry.field(description="Requests of each user in a calendar month of UTC.")
    requests_per_second: int = strawberry.field(description="Requests with each API key or session.")

    def to_value(self) -> inputs.PutTier:
        return inputs.PutTier(**vars(self))
