"""Key: a key of a namespace with its value."""

from typing import Any, ClassVar, Self, cast

import strawberry

from datastore.entities.key import KeyEntity
from datastore.json_text import JSONText
from datastore.stored_keys import StoredKey
from resolvers.paging import Listing
from schema.scalars import AWSJSON, AWSDateTime, AWSTimestamp
from schema.scalars.aws_date_time import unless_plain
from schema.scalars.aws_timestamp import GREATEST, LEAST
from schema.settled import settled
from schema.types.connection import Connection


@strawberry.type(description="A key of a namespace, with its value.")
class Key:
    STAND_IN: ClassVar = StoredKey

    namespace: strawberry.ID = strawberry.field(description="The namespace it is in.")
    key: str = strawberry.field(description="The key itself, as it was put.")

    @strawberry.field(description="Its JSON value, always as a string holding JSON.", metadata=settled(JSONText))
    def value(self) -> AWSJSON | None:
        return self.rendered()[0]

    ttl: AWSTimestamp | None = strawberry.field(
        description="The second at which it expires; null for never.", metadata=settled(int, LEAST, GREATEST)
    )
    version: int = strawberry.field(
        description="1, 2, 3 …, one more with each write; starts again after a delete or an expiry."
    )

    @strawberry.field(description="Bytes, as DynamoDB counts the item; at most 409,600.")
    def size(self) -> int:
        return self.rendered()[1]

    created_at: AWSDateTime = strawberry.field(description="When it was first put.", metadata=settled(str))
    updated_at: AWSDateTime = strawberry.field(description="When it was last written.", metadata=settled(str))
    entity: strawberry.Private[KeyEntity]

    def rendered(self) -> tuple[AWSJSON | None, int]:
        """The value's text, and the item's size."""
        return cast("tuple[AWSJSON | None, int]", self.entity.rendered())

    @classmethod
    def of(cls, entity: KeyEntity | StoredKey) -> Self:
        """A StoredKey has all that is asked of a Key, and stands for one."""
        if isinstance(entity, StoredKey):
            return cast(Self, entity)
        return cls(
            namespace=strawberry.ID(entity.namespace),
            key=entity.name,
            ttl=None if entity.ttl is None else AWSTimestamp(entity.ttl),
            version=entity.version,
            created_at=AWSDateTime(unless_plain(entity.created_at)),
            updated_at=AWSDateTime(unless_plain(entity.updated_at)),
            entity=entity,
        )

    @classmethod
    def all_of(cls, listing: Listing[KeyEntity]) -> Connection["Key"]:
        entities = listing.entities
        stored = bool(entities) and isinstance(entities[0], StoredKey)  # all of them, or none
        keys = cast(list[Key], entities) if stored else [cls.of(entity) for entity in entities]
        return Connection[Key].holding(listing, keys)

    @classmethod
    def of_optional(cls, entity: KeyEntity | None) -> Self | None:
        return cls.of(entity) if entity else None

    def as_data(self) -> dict[str, Any]:
        """As the API shows it, for an error's data."""
        value, size = self.rendered()
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
