"""What mutations of roles take."""

import strawberry


@strawberry.input(description="A role, whole.")
class RoleInput:
    id: strawberry.ID = strawberry.field(description="Its name: 1 to 32 of a-z, 0-9 and hyphen, a letter first.")
    permissions: list[str] = strawberry.field(description="What it opens, as noun:verb; * is everything.")
    description: str | None = strawberry.field(default=None, description="Up to 1,000 characters.")
