"""DynamoDB's answers that hold keys, read straight into StoredKeys.

This reads the ordinary case of a KeyEntity and nothing else. An answer in which anything is out of the ordinary is left
to the long way, which reports what is wrong with it. A test holds the two ways equal.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

import msgspec

from datastore.access_patterns import AccessPattern
from datastore.key_templates import key_pattern
from datastore.stored_keys import BEFORE_KEY, KEY_PREFIX, StoredKey

T = TypeVar("T")

_PARTITION: Final = re.compile(key_pattern(AccessPattern.GET_KEY.partition))
# As this service writes it, on days that there are: February 29 goes the long way.
_MOMENT: Final = (
    r"\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
    r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z"
)
_MOMENTS: Final = re.compile(f"(?:{_MOMENT})*", re.ASCII).fullmatch


class _Got(msgspec.Struct, gc=False):
    item: StoredKey | None = msgspec.field(name="Item", default=None)


class _Changed(msgspec.Struct, gc=False):
    attributes: StoredKey | None = msgspec.field(name="Attributes", default=None)


class _Found(msgspec.Struct, gc=False):
    items: list[StoredKey] = msgspec.field(name="Items")
    last: dict[str, Any] | None = msgspec.field(name="LastEvaluatedKey", default=None)


def read_key(body: bytes) -> Mapping[str, Any] | None:
    """GetItem's answer, with a StoredKey for an item; None where it has to go the long way."""
    got = _decode(_GOT, body)
    if got is None or (got.item is not None and not _are_ordinary([got.item])):
        return None
    return {"Item": got.item}


def read_changed_key(body: bytes) -> Mapping[str, Any] | None:
    """The same of UpdateItem, PutItem and DeleteItem."""
    changed = _decode(_CHANGED, body)
    if changed is None or (changed.attributes is not None and not _are_ordinary([changed.attributes])):
        return None
    return {"Attributes": changed.attributes}


def read_keys(body: bytes) -> Mapping[str, Any] | None:
    """The same of Query, where all of its items are ordinary."""
    found = _decode(_FOUND, body)
    if found is None or not _are_ordinary(found.items):
        return None
    return {"Items": found.items, "LastEvaluatedKey": found.last}


_GOT: Final = msgspec.json.Decoder(_Got, strict=False)
_CHANGED: Final = msgspec.json.Decoder(_Changed, strict=False)
_FOUND: Final = msgspec.json.Decoder(_Found, strict=False)  # numbers stand in strings


def _decode(decoder: msgspec.json.Decoder[T], body: bytes) -> T | None:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _are_ordinary(keys: Sequence[StoredKey]) -> bool:
    """Whether KeyEntities could be made of them as they are, with moments that need no further check."""
    partition = None
    for key in keys:
        if partition != key.pk.S:
            partition = key.pk.S
            if not _is_partition(partition):
                return False
        sort, index_partition, index_sort = key.sk.S, key.gsi1_pk, key.gsi1_sk
        if (
            sort[:BEFORE_KEY] != KEY_PREFIX
            or (index_sort is not None and sort != index_sort.S)
            or (index_partition is not None and partition != index_partition.S)
        ):
            return False
    return _MOMENTS("".join([key.created.S + key.updated.S for key in keys])) is not None


@lru_cache(4096)
def _is_partition(text: str) -> bool:
    return _PARTITION.match(text) is not None
