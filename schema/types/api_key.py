"""ApiKey: a key that the API is called with; the secret itself is shown once, when it is made."""

from typing import Self

import strawberry

from datastore.entities.api_key import ApiKeyEntity
from schema.scalars import AWSDateTime, AWSTimestamp


@strawberry.type(description="A key that the API is called with. The secret is shown once, when it is made.")
class ApiKey:
    api_key_id: strawberry.ID = strawberry.field(description="Names the key, for revokeApiKey; opens nothing.")
    name: str = strawberry.field(description="What its owner calls it.")
    prefix: str = strawberry.field(description="Its first characters, enough to recognise it by.")
    scopes: list[str] = strawberry.field(
        description="What it may be used for: read, write, admin; read:NAMESPACE, write:NAMESPACE in that one only."
    )
    created_at: AWSDateTime = strawberry.field(description="When it was made.")
    last_used_at: AWSDateTime | None = strawberry.field(description="About when it was last used, where that is known.")
    expires_at: AWSTimestamp | None = strawberry.field(
        description="From which second on it is refused; null for never."
    )

    @classmethod
    def of(cls, entity: ApiKeyEntity) -> Self:
        return cls(
            api_key_id=strawberry.ID(entity.api_key_id),
            name=entity.name,
            prefix=entity.prefix,
            scopes=list(entity.scopes),
            created_at=AWSDateTime(entity.created_at),
            last_used_at=AWSDateTime(entity.last_used_at) if entity.last_used_at else None,
            expires_at=None if entity.expires_at is None else AWSTimestamp(entity.expires_at),
        )
