"""Keys as DynamoDB's JSON has them, in fields, to be looked at with no item made in between."""

from collections.abc import Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec

from datastore.access_patterns import AccessPattern
from datastore.attribute_values import untag_item
from datastore.item_size import natural_size, text_size
from datastore.json_text import JSONText
from datastore.tagged_json import Tagged, text_and_size

GREATEST_INT: Final = 2**31 - 1
KEY_PREFIX: Final = AccessPattern.GET_KEY.sort.partition("{")[0]
_BEFORE_NAMESPACE: Final = len(AccessPattern.GET_KEY.partition.partition("{")[0])
BEFORE_KEY: Final = len(KEY_PREFIX)


class _Text(msgspec.Struct, gc=False):
    S: str


class _Kind(msgspec.Struct, gc=False):
    S: Literal["KEY"]


class _Version(msgspec.Struct, gc=False):
    N: Annotated[int, msgspec.Meta(ge=0, le=GREATEST_INT)]  # GraphQL's, or the version could not be shown


class _Second(msgspec.Struct, gc=False):
    N: Annotated[int, msgspec.Meta(ge=0, lt=10**15)]  # well within AWSTimestamp's range


class StoredKey(msgspec.Struct, gc=False):
    """The attributes of a KeyEntity, as tagged on the wire; those of other programs are left alone.

    To be looked at as a KeyEntity, and as the API's Key.
    """

    pk: _Text = msgspec.field(name="PK")
    sk: _Text = msgspec.field(name="SK")
    kind: _Kind = msgspec.field(name="entityType")
    created: _Text = msgspec.field(name="createdAt")
    updated: _Text = msgspec.field(name="updatedAt")
    gsi1_pk: _Text | None = msgspec.field(name="GSI1PK", default=None)
    gsi1_sk: _Text | None = msgspec.field(name="GSI1SK", default=None)
    tagged: Tagged | None = msgspec.field(name="value", default=None)
    tagged_version: _Version | None = msgspec.field(name="version", default=None)
    tagged_ttl: _Second | None = msgspec.field(name="ttl", default=None)
    writer: _Text | None = msgspec.field(name="writeId", default=None)
    # Ours, for no attribute is a list on the wire: one of this name would be refused.
    worked_out: tuple[JSONText | None, int] | None = None

    # Each field of the API's Key as an expression of `source`, for code that is generated: a property takes a call.
    EXPRESSIONS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "namespace": f"source.pk.S[{_BEFORE_NAMESPACE}:]",
            "key": f"source.sk.S[{BEFORE_KEY}:]",
            "value": "(source.worked_out or source.rendered())[0]",
            "ttl": "None if source.tagged_ttl is None else source.tagged_ttl.N",
            "version": "1 if source.tagged_version is None else source.tagged_version.N",
            "size": "(source.worked_out or source.rendered())[1]",
            "created_at": "source.created.S",
            "updated_at": "source.updated.S",
        }
    )

    def __getitem__(self, name: str) -> str:
        """The four attributes that keys of the table and its indexes are made of, as in an item."""
        text: str = _KEY_FIELDS[name](self)
        return text

    @property
    def namespace(self) -> str:
        return self.pk.S[_BEFORE_NAMESPACE:]

    @property
    def key(self) -> str:
        return self.sk.S[BEFORE_KEY:]

    name = key

    @property
    def ttl(self) -> int | None:
        tagged = self.tagged_ttl
        return None if tagged is None else tagged.N

    @property
    def version(self) -> int:
        tagged = self.tagged_version
        return 1 if tagged is None else tagged.N

    @property
    def created_at(self) -> str:
        return self.created.S

    @property
    def updated_at(self) -> str:
        return self.updated.S

    def is_live(self, now: int) -> bool:
        tagged = self.tagged_ttl
        return tagged is None or now < tagged.N

    def rendered(self) -> tuple[JSONText | None, int]:
        """The value's JSON text, None where there is no value, and the item's size: worked out once, in one walk."""
        rendered = self.worked_out
        if rendered is None:
            size = self._size_without_value()
            if self.tagged is None:
                rendered = None, size
            else:
                text, size_of_value = text_and_size(self.tagged)
                rendered = text, size + _SIZE_OF_NAME + size_of_value
            self.worked_out = rendered
        return rendered

    @property
    def size(self) -> int:
        return self.rendered()[1]

    def _size_without_value(self) -> int:
        """Of the attributes that a KeyEntity knows; an ordinary namespace is ASCII, and so are moments."""
        sort, partition_size = self.sk.S, len(self.pk.S)
        sort_size = len(sort) if sort.isascii() else len(sort.encode())
        size = _SIZE_OF_EVERY_KEY + partition_size + sort_size
        if self.gsi1_pk is not None:
            size += 6 + partition_size
        if self.gsi1_sk is not None:
            size += 6 + sort_size
        if self.tagged_version is not None:
            size += 7 + natural_size(self.tagged_version.N)
        if self.tagged_ttl is not None:
            size += 3 + natural_size(self.tagged_ttl.N)
        if self.writer is not None:
            size += 7 + text_size(self.writer.S)
        return size


# Of what every key has; other attributes are counted above, with the length of their names: GSI1PK has 6, and so on.
_EVERY_KEY: Final = ("PK", "SK", "entityType", "KEY", "createdAt", "updatedAt", *["2026-01-01T00:00:00.000Z"] * 2)
_SIZE_OF_EVERY_KEY: Final = sum(map(len, _EVERY_KEY))
_SIZE_OF_NAME: Final = len("value")
_KIND: Final = _Kind("KEY")
_KEY_FIELDS: Final = {
    "PK": attrgetter("pk.S"),
    "SK": attrgetter("sk.S"),
    "GSI1PK": attrgetter("gsi1_pk.S"),
    "GSI1SK": attrgetter("gsi1_sk.S"),
}


def untagged(tagged: Mapping[str, Any] | StoredKey) -> Any:
    """An item as native values; a StoredKey is read already."""
    return tagged if isinstance(tagged, StoredKey) else untag_item(tagged)


def just_written(item: Mapping[str, Any], text: JSONText, size: int) -> StoredKey:
    """A key by the item that was written, with its value's text and the item's size: it need not be read back."""
    ttl = item.get("ttl")
    return StoredKey(
        pk=_Text(item["PK"]),
        sk=_Text(item["SK"]),
        kind=_KIND,
        created=_Text(item["createdAt"]),
        updated=_Text(item["updatedAt"]),
        tagged_version=_Version(item["version"]),
        tagged_ttl=None if ttl is None else _Second(ttl),
        worked_out=(text, size),
    )
