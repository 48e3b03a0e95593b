"""What mutations of the configuration take."""

import strawberry

from datastore.entities.user import Plan


@strawberry.input(description="A change of the configuration: what is left out stays as it is.")
class ConfigInput:
    sign_up_open: bool | None = strawberry.field(default=None, description="Whether anybody may sign up.")
    default_plan: Plan | None = strawberry.field(default=None, description="What plan a new user has.")
    read_only: bool | None = strawberry.field(
        default=None, description="Whether all mutations but updateConfig are refused."
    )
