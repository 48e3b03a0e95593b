"""The size of an item as DynamoDB counts it, in bytes."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from datastore.exact_numbers import significant_digits

MAX_ITEM_BYTES = 409_600


def item_size(item: Mapping[str, Any]) -> int:
    """Names and values of all attributes, the keys included."""
    return sum(_text_size(name) + _value_size(value) for name, value in item.items())


def _value_size(value: Any) -> int:
    match value:
        case str():
            return _text_size(value)
        case None | bool():
            return 1
        case int() | Decimal():
            return _number_size(Decimal(value))
        case Mapping():
            return 3 + len(value) + item_size(value)
        case list() | tuple():
            return 3 + len(value) + _sum_of_sizes(value)
        case set() | frozenset():
            return _sum_of_sizes(value)
        case _ if hasattr(value, "__bytes__"):  # bytes, and boto3's Binary
            return len(bytes(value))
    raise TypeError(f"An item can't hold a {type(value).__name__}.")


def _sum_of_sizes(values: Collection[Any]) -> int:
    return sum(map(_value_size, values))


def _text_size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _number_size(number: Decimal) -> int:
    """A byte for two digits, in pairs that start at the decimal point, one for the whole, one for a minus."""
    digits, last_power = significant_digits(number)
    pairs = (len(digits) + last_power % 2 + 1) // 2 if digits else 0
    return 1 + pairs + (1 if digits and number.is_signed() else 0)
