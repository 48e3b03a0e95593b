"""What mutations answer that is more than one object."""

from typing import Self

import strawberry

from resolvers.sessions import NewSession
from schema.scalars import AWSTimestamp
from schema.types.api_key import ApiKey
from schema.types.key import Key
from schema.types.user import User


@strawberry.type(description="A new account.")
class SignUpPayload:
    user: User = strawberry.field(description="The new user.")
    api_key: str = strawberry.field(description="The first API key. It is shown this once, and kept nowhere.")


@strawberry.type(description="A new session.")
class LoginPayload:
    user: User = strawberry.field(description="Who has signed in.")
    token: str = strawberry.field(description="For the header Authorization. It is shown this once, and kept nowhere.")
    expires_at: AWSTimestamp = strawberry.field(description="From which second on it is refused, however it is used.")

    @classmethod
    def of(cls, new: NewSession) -> Self:
        return cls(user=User.of(new.user), token=new.token, expires_at=AWSTimestamp(new.entity.expires_at))


@strawberry.type(description="A sign-on that has begun.")
class OidcStartPayload:
    url: str = strawberry.field(description="Where to send the person.")


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
