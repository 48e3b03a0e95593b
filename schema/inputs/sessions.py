"""What the mutations of sessions take."""

import strawberry

from schema.scalars import AWSEmail


@strawberry.input(description="Who signs in.")
class LoginInput:
    email: AWSEmail = strawberry.field(description="The address that they signed up with, in any spelling.")
    password: str = strawberry.field(description="Up to 128 characters.")
