"""What mutations answer that is more than one object."""

import strawberry

from schema.types.api_key import ApiKey
from schema.types.key import Key
from schema.types.user import User


@strawberry.type(description="A new account.")
class SignUpPayload:
    user: User = strawberry.field(description="The new user.")
    api_key: str = strawberry.field(description="The first API key. It is shown this once, and kept nowhere.")


@strawberry.type(description="A new API key.")
class CreateApiKeyPayload:
    api_key: ApiKey = strawberry.field(description="What is kept of it.")
    secret: str = strawberry.field(description="The key itself. It is shown this once, and kept nowhere.")


@strawberry.type(description="What a batch of puts did.")
class BatchPutPayload:
    items: list[Key] = strawberry.field(description="What was written.")
    unprocessed: list[str] = strawberry.field(description="Keys that could not be written: put them again.")


@strawberry.type(description="What a batch of deletes did.")
class BatchDeletePayload:
    keys: list[str] = strawberry.field(description="Keys that are gone.")
    unprocessed: list[str] = strawberry.field(description="Keys that could not be deleted: delete them again.")
