"""Key: a key of a namespace with its value."""

from typing import Any, Self

import strawberry

from datastore.entities.key import KeyEntity
from datastore.json_text import render
from datastore.native_values import NULL
from schema.scalars import AWSJSON, AWSDateTime, AWSTimestamp


@strawberry.type(description="A key of a namespace, with its value.")
class Key:
    namespace: strawberry.ID = strawberry.field(description="The namespace it is in.")
    key: str = strawberry.field(description="The key itself, as it was put.")
    value: AWSJSON | None = strawberry.field(description="Its JSON value, always as a string holding JSON.")
    ttl: AWSTimestamp | None = strawberry.field(description="The second at which it expires; null for never.")
    version: int = strawberry.field(
        description="1, 2, 3 …, one more with each write; starts again after a delete or an expiry."
    )
    created_at: AWSDateTime = strawberry.field(description="When it was first put.")
    updated_at: AWSDateTime = strawberry.field(description="When it was last written.")
    entity: strawberry.Private[KeyEntity]

    @strawberry.field(description="Bytes, as DynamoDB counts the item; at most 409,600.")
    def size(self) -> int:
        return self.entity.size

    @classmethod
    def of(cls, entity: KeyEntity) -> Self:
        return cls(
            namespace=strawberry.ID(entity.namespace),
            key=entity.name,
            value=AWSJSON(NULL if entity.value is None else entity.value) if entity.has_value else None,
            ttl=None if entity.ttl is None else AWSTimestamp(entity.ttl),
            version=entity.version,
            created_at=AWSDateTime(entity.created_at),
            updated_at=AWSDateTime(entity.updated_at),
            entity=entity,
        )

    @classmethod
    def of_optional(cls, entity: KeyEntity | None) -> Self | None:
        return cls.of(entity) if entity else None

    def as_data(self) -> dict[str, Any]:
        """As the API shows it, for an error's data."""
        return {
            "namespace": self.namespace,
            "key": self.key,
            "value": render(self.entity.value) if self.entity.has_value else None,
            "ttl": self.ttl,
            "version": self.version,
            "size": self.entity.size,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
        }
