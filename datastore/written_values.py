"""A JSON value on its way to the table: tagged as DynamoDB's wire has it, and counted, from one walk."""

from decimal import Decimal
from typing import Any, Final, NamedTuple

from datastore.attribute_values import MeasuredValue, Tagged, tag
from datastore.item_size import integer_size, item_size
from datastore.json_text import JSON
from datastore.native_values import MAX_LEVELS, MAX_NAME_BYTES, Null, to_native

_LONGEST_USUAL_NAME: Final = MAX_NAME_BYTES // 4
_SMALL: Final = 10**15


class _Doubtful(Exception):  # noqa: N818 - exceptions here say what went wrong, without "Error"
    """Perhaps it is all right; but if not, the place has to be named."""


class WrittenValue(NamedTuple):
    """A value as it is worked with, and as it goes out."""

    native: Any
    measured: MeasuredValue


def written_value(value: JSON | Decimal | Null, *, place: str = "value") -> WrittenValue:
    """Raises BadRequest or LimitExceeded, which name the place of what can't be stored."""
    try:
        tagged, size = _tagged_and_size(value, MAX_LEVELS)
        return WrittenValue(value, MeasuredValue(tagged, size))
    except _Doubtful:
        native = to_native(value, place=place)
        return WrittenValue(native, MeasuredValue(tag(native), item_size({"": native})))


def _tagged_and_size(value: Any, levels: int) -> tuple[Tagged, int]:
    """What nothing can be said against, in one walk that does not note where it is. Raises _Doubtful."""
    kind = type(value)
    if levels == 0:
        raise _Doubtful
    if kind is str:
        return {"S": value}, _bytes_of(value)
    if kind is dict:
        return _members(value, levels - 1)
    if kind is int and -_SMALL < value < _SMALL:
        return {"N": str(value)}, integer_size(value)
    if kind is list:
        elements, size = [], 3 + len(value)
        for element in value:
            tagged, more = _tagged_and_size(element, levels - 1)
            elements.append(tagged)
            size += more
        return {"L": elements}, size
    if kind is bool:
        return {"BOOL": value}, 1
    if value is None:
        return {"NULL": True}, 1
    raise _Doubtful


def _members(value: dict[str, Any], levels: int) -> tuple[Tagged, int]:
    """Most members are short texts: they are tagged without a call, where they stand."""
    members, size = {}, 3 + len(value)
    for name, member in value.items():
        if not name or len(name) > _LONGEST_USUAL_NAME:
            raise _Doubtful
        size += len(name) if name.isascii() else _bytes_of(name)
        if levels and type(member) is str and member.isascii():
            members[name] = {"S": member}
            size += len(member)
        else:
            members[name], more = _tagged_and_size(member, levels)
            size += more
    return {"M": members}, size


def _bytes_of(text: str) -> int:
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise _Doubtful from error
