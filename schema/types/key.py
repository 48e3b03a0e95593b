"""Key: a key of a namespace with its value."""

from typing import Any, Self

import strawberry

from datastore.entities.key import KeyEntity
from datastore.json_text import JSONText
from datastore.stored_keys import StoredKey
from schema.scalars import AWSJSON, AWSDateTime, AWSTimestamp
from schema.scalars.aws_date_time import unless_plain
from schema.settled import settled


@strawberry.type(description="A key of a namespace, with its value.")
class Key:
    namespace: strawberry.ID = strawberry.field(description="The namespace it is in.")
    key: str = strawberry.field(description="The key itself, as it was put.")

    @strawberry.field(description="Its JSON value, always as a string holding JSON.", metadata=settled(JSONText))
    def value(self) -> AWSJSON | None:
        text: Any = self._render()[0]
        return text

    ttl: AWSTimestamp | None = strawberry.field(description="The second at which it expires; null for never.")
    version: int = strawberry.field(
        description="1, 2, 3 …, one more with each write; starts again after a delete or an expiry."
    )

    @strawberry.field(description="Bytes, as DynamoDB counts the item; at most 409,600.")
    def size(self) -> int:
        return self._render()[1]

    created_at: AWSDateTime = strawberry.field(description="When it was first put.", metadata=settled(str))
    updated_at: AWSDateTime = strawberry.field(description="When it was last written.", metadata=settled(str))
    entity: strawberry.Private[KeyEntity | StoredKey]
    rendered: strawberry.Private[tuple[Any, int] | None] = None

    def _render(self) -> tuple[Any, int]:
        """Value and size follow from one walk over the item, which is taken when the first of them is asked for."""
        if self.rendered is None:
            self.rendered = self.entity.rendered()
        return self.rendered

    @classmethod
    def of(cls, entity: KeyEntity | StoredKey) -> Self:
        stored = isinstance(entity, StoredKey)
        return cls(
            namespace=strawberry.ID(entity.namespace),
            key=entity.name,
            ttl=None if entity.ttl is None else AWSTimestamp(entity.ttl),
            version=entity.version,
            created_at=AWSDateTime(entity.created_at if stored else unless_plain(entity.created_at)),
            updated_at=AWSDateTime(entity.updated_at if stored else unless_plain(entity.updated_at)),
            entity=entity,
        )

    @classmethod
    def of_optional(cls, entity: KeyEntity | None) -> Self | None:
        return cls.of(entity) if entity else None

    def as_data(self) -> dict[str, Any]:
        """As the API shows it, for an error's data."""
        value, size = self._render()
        return {
            "namespace": self.namespace,
            "key": self.key,
            "value": value,
            "ttl": self.ttl,
            "version": self.version,
            "size": size,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
        }
