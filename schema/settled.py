"""Marks fields whose values are checked when their object is made, and go out as they are."""

from collections.abc import Mapping
from typing import Any, Final

from strawberry.types.field import StrawberryField

_MARK: Final = "kv.settled"


def settled(type_: type) -> Mapping[str, Any]:
    """For a field's metadata: values of exactly this Python type go out as they are, any other as the scalar has it."""
    return {_MARK: type_}


def settled_type(field: StrawberryField) -> type | None:
    type_: type | None = field.metadata.get(_MARK)
    return type_
