"""What mutations of namespaces take."""

import strawberry


@strawberry.input(description="A new namespace.")
class CreateNamespaceInput:
    id: strawberry.ID = strawberry.field(
        description="Its name: 2 to 63 of a-z, 0-9, dot, underscore and hyphen, a letter or digit first."
    )
    description: str | None = strawberry.field(default=None, description="Up to 1,000 characters.")


@strawberry.input(description="A change to a namespace.")
class UpdateNamespaceInput:
    id: strawberry.ID = strawberry.field(description="Its name.")
    description: str | None = strawberry.field(default=None, description="Up to 1,000 characters; null clears it.")
