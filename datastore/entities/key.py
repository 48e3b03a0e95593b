"""NS#{namespace} / KEY#{key}: one key of a namespace and its value."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, Seconds, Whole, partition_of, sort_of
from datastore.item_size import integer_size, item_size
from datastore.json_text import JSONText, render
from datastore.key_templates import last_part
from datastore.once import once


class KeyEntity(Entity):
    """`version` counts from 1. An item of another program may have none: it reads as 1."""

    entity_types: ClassVar = ("KEY",)
    nullable: ClassVar = frozenset({"value"})

    pk: Annotated[str, partition_of(AccessPattern.GET_KEY)]
    sk: Annotated[str, sort_of(AccessPattern.GET_KEY)]
    gsi1_pk: Annotated[str | None, partition_of(AccessPattern.LIST_KEYS)] = None
    gsi1_sk: Annotated[str | None, sort_of(AccessPattern.LIST_KEYS)] = None
    value: Any = None
    ttl: Seconds | None = None
    version: Whole = 1
    write_id: str | None = None

    @classmethod
    def to_write(cls, item: Mapping[str, Any], size: int) -> "KeyEntity":
        """From an item made here, which has been counted."""
        entity = cls.from_item(item)
        entity.__dict__["size"] = size
        return entity

    @property
    def namespace(self) -> str:
        return last_part(AccessPattern.GET_KEY.partition, self.pk)

    @property
    def name(self) -> str:
        return last_part(AccessPattern.GET_KEY.sort, self.sk)

    @property
    def has_value(self) -> bool:
        """JSON's null is a value; an item of another program may have none."""
        return "value" in self.model_fields_set

    def rendered(self) -> tuple[JSONText | None, int]:
        """The value's JSON text, None where there is no value, and the item's size in bytes."""
        return self.text if self.has_value else None, self.size

    @once
    def text(self) -> JSONText:
        """The value's JSON text."""
        return JSONText(render(self.value))

    @once
    def size(self) -> int:
        """Bytes, as DynamoDB counts the item."""
        return item_size(self.to_item())

    def as_version(self, version: int, created_at: str) -> "KeyEntity":
        """The same key, as a later version of one that was there."""
        more = integer_size(version) - integer_size(self.version) + len(created_at) - len(self.created_at)
        return self.with_changes({"version": version, "created_at": created_at, "size": self.size + more})

    def is_live(self, now: int) -> bool:
        """Expired exactly at the second `ttl`, whether or not DynamoDB has removed it."""
        return self.ttl is None or self.ttl > now
