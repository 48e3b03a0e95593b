"""A tagged value, as it stands in DynamoDB's JSON, read in one walk: its native value and its size in bytes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from datastore.item_size import number_text_size


class Unusual(Exception):  # noqa: N818 - exceptions here say what went wrong, without "Error"
    """Not JSON's kinds alone: binary, or a set, of which attribute_values makes what JSON can show."""


def native_and_size(tagged: Mapping[str, Any]) -> tuple[Any, int]:
    """As attribute_values.untag and item_size have them, one after the other. Raises Unusual."""
    if "M" in tagged:
        return _members(tagged["M"])
    if "S" in tagged:
        text = tagged["S"]
        return text, len(text) if text.isascii() else len(text.encode())
    if "N" in tagged:
        number = tagged["N"]
        return _number(number), number_text_size(number)
    if "L" in tagged:
        return _elements(tagged["L"])
    if "BOOL" in tagged:
        return tagged["BOOL"], 1
    if "NULL" in tagged:
        return None, 1
    raise Unusual


def _members(members: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """A text, which most members are, is read without a call."""
    natives, size = {}, 3 + len(members)
    for name, tagged in members.items():
        if "S" in tagged:
            natives[name] = text = tagged["S"]
            size += len(text) if text.isascii() else len(text.encode())
        elif "BOOL" in tagged:
            natives[name] = tagged["BOOL"]
            size += 1
        else:
            natives[name], more = native_and_size(tagged)
            size += more
        size += len(name) if name.isascii() else len(name.encode())
    return natives, size


def _elements(elements: list[Any]) -> tuple[list[Any], int]:
    natives, size = [], 3 + len(elements)
    for tagged in elements:
        if "S" in tagged:
            natives.append(text := tagged["S"])
            size += len(text) if text.isascii() else len(text.encode())
        else:
            native, more = native_and_size(tagged)
            natives.append(native)
            size += more
    return natives, size


def _number(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:
        return Decimal(text)
