"""What mutations of accounts take."""

import strawberry

from schema.scalars import AWSEmail


@strawberry.input(description="A new account.")
class SignUpInput:
    email: AWSEmail = strawberry.field(description="An address that nobody has signed up with.")
    password: str = strawberry.field(description="8 to 128 characters; only its argon2id hash is kept.")


@strawberry.input(description="A new API key.")
class CreateApiKeyInput:
    name: str = strawberry.field(description="What to call it, 1 to 100 characters.")
    scopes: list[str] | None = strawberry.field(
        default=None,
        description="read, write, admin; read:NAMESPACE and write:NAMESPACE for one namespace alone. Up to 50, and only"
        " what the calling key has; read and write unless told.",
    )
    expires_in: int | None = strawberry.field(default=None, description="Seconds until it is refused; null for never.")
