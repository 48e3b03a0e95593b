"""The base of every entity: required attributes, camelCase names, formats by pattern."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.errors import CorruptItem
from datastore.key_templates import key_pattern
from datastore.once import once
from datastore.tables import KV_STORAGE_DATA, Table

# Attribute names are the stored format: they never change.
_INDEX_KEY = re.compile(r"^gsi(\d)_(pk|sk)$")


@cache
def attribute_name(field: str) -> str:
    """created_at -> createdAt, pk -> PK, gsi1_pk -> GSI1PK."""
    if field in ("pk", "sk"):
        return field.upper()
    if match := _INDEX_KEY.match(field):
        return f"GSI{match[1]}{match[2].upper()}"
    return to_camel(field)


@cache
def _attribute_names(kind: type["Entity"]) -> Mapping[str, str]:
    return {field: attribute_name(field) for field in kind.model_fields}


def _whole(number: Any) -> Any:
    return int(number) if isinstance(number, Decimal) and number == number.to_integral_value() else number


def partition_of(pattern: AccessPattern) -> Any:
    """Marks an attribute as holding this pattern's partition key; the template stands in the field's examples."""
    return Field(pattern=key_pattern(pattern.partition), examples=[pattern.partition])


def sort_of(pattern: AccessPattern) -> Any:
    """Marks an attribute as holding this pattern's sort key."""
    return Field(pattern=key_pattern(pattern.sort), examples=[pattern.sort])


Timestamp = Annotated[
    str, Field(pattern=r"(?a)^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d(:\d\d)?)\Z")
]
Whole = Annotated[int, BeforeValidator(_whole)]
Seconds = Annotated[Whole, Field(description="Epoch seconds")]


class Entity(BaseModel):
    """An item of a table. Attributes that its entity does not know are another program's: left alone, not shown."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="ignore",
        alias_generator=attribute_name,
        validate_by_name=True,
        validate_by_alias=True,
        arbitrary_types_allowed=True,
        ignored_types=(once,),
        regex_engine="python-re",
    )

    table: ClassVar[Table] = KV_STORAGE_DATA
    entity_types: ClassVar[tuple[str, ...]]
    nullable: ClassVar[frozenset[str]] = frozenset()

    pk: str
    sk: str
    entity_type: str
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """Raises CorruptItem, naming the attributes that do not fit: an item is never served half."""
        try:
            entity = cls.model_validate(item, by_alias=True, by_name=False)
        except ValidationError as error:
            faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
            raise CorruptItem(f"An item in the table is not a valid {cls.__name__}: {faults}.") from None
        if entity.entity_type not in cls.entity_types:
            wanted = " or ".join(cls.entity_types)
            raise CorruptItem(f"An item in the table has the entityType {entity.entity_type!r}, not {wanted}.")
        return entity

    def to_item(self) -> dict[str, Any]:
        """The attributes that were given, as they are stored; None is left out, but not JSON's null inside a value."""
        given, names, nullable = self.model_fields_set, _attribute_names(type(self)), self.nullable
        return {
            names[name]: value
            for name, value in self.__dict__.items()
            if name in given and (value is not None or name in nullable)
        }

    def to_attributes(self) -> dict[str, Any]:
        """The item without its primary key: what an update may set."""
        item = self.to_item()
        del item["PK"], item["SK"]
        return item

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """What was worked out once of the original is not copied."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied

    def with_changes(self, changes: Mapping[str, Any]) -> Self:
        """A quick model_copy that keeps what was worked out once, but for what `changes` has of it too."""
        twin = self.__new__(type(self))
        given = self.model_fields_set | (changes.keys() & type(self).model_fields.keys())
        for slot, content in {
            "__dict__": {**self.__dict__, **changes},
            "__pydantic_fields_set__": given,
            "__pydantic_extra__": None,
            "__pydantic_private__": None,
        }.items():
            object.__setattr__(twin, slot, content)
        return twin

    @property
    def key(self) -> PrimaryKey:
        return PrimaryKey(self.pk, self.sk, self.table)
