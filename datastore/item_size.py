"""The size of an item as DynamoDB counts it, in bytes."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from datastore.attribute_values import MeasuredValue
from datastore.exact_numbers import significant_digits

MAX_ITEM_BYTES = 409_600


def item_size(item: Mapping[str, Any]) -> int:
    """Names and values of all attributes, the keys included."""
    size = 0
    for name, value in item.items():
        size += len(name) if name.isascii() else len(name.encode())
        size += len(value) if type(value) is str and value.isascii() else _value_size(value)
    return size


def _value_size(value: Any) -> int:
    if type(value) is MeasuredValue:
        return value.size
    size = _SIZES.get(type(value)) or next((size for kind, size in _SIZES.items() if isinstance(value, kind)), None)
    if size:
        return size(value)
    if hasattr(value, "__bytes__"):  # bytes, and boto3's Binary
        return len(bytes(value))
    raise TypeError(f"An item can't hold a {type(value).__name__}.")


def text_size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def integer_size(number: int) -> int:
    """As any number, without the detour over a Decimal: most numbers are whole."""
    if number >= 0:
        return natural_size(number)
    text = str(-number)
    digits = text.rstrip("0")
    return _digits_size(len(digits), len(text) - len(digits), negative=True)


def number_text_size(text: str) -> int:
    """Of a number as DynamoDB spells it; most are natural."""
    return natural_text_size(text) if text.isdecimal() else _fraction_size(Decimal(text))


def natural_size(number: int) -> int:
    """Of a whole number that is not negative."""
    return 2 if 0 < number < 100 else natural_text_size(str(number))


def natural_text_size(text: str) -> int:
    """Of the digits of one."""
    if text[-1] != "0":
        return 1 + (len(text) + 1) // 2
    significant, digits = len(text.rstrip("0")), len(text)
    return 1 + (significant + (digits - significant) % 2 + 1) // 2 if significant else 1


def _number_size(number: Decimal) -> int:
    text = str(number)
    return natural_text_size(text) if text.isdecimal() else _fraction_size(number)


def _fraction_size(number: Decimal) -> int:
    """Of any number: also of one with a point, a power or a minus."""
    digits, last_power = significant_digits(number)
    return _digits_size(len(digits), last_power, negative=number.is_signed())


def _digits_size(digits: int, last_power: int, *, negative: bool) -> int:
    """A byte for two digits, in pairs that start at the decimal point, one for the whole, one for a minus."""
    return 1 + (digits + last_power % 2 + 1) // 2 + negative if digits else 1


def _members_size(members: Mapping[str, Any]) -> int:
    return 3 + len(members) + item_size(members)


def _list_size(elements: Collection[Any]) -> int:
    return 3 + len(elements) + _set_size(elements)


def _set_size(elements: Collection[Any]) -> int:
    return sum(map(_value_size, elements))


def _flag_size(_: object) -> int:
    return 1


_SIZES: Mapping[type, Callable[[Any], int]] = {
    str: text_size,
    int: integer_size,
    Decimal: _number_size,
    bool: _flag_size,
    type(None): _flag_size,
    dict: _members_size,
    list: _list_size,
    tuple: _list_size,
    set: _set_size,
    frozenset: _set_size,
}
