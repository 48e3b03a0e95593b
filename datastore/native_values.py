"""From parsed JSON to what DynamoDB can hold, or a refusal that names the place."""

import re
from collections.abc import Sequence
from decimal import Context, Decimal, Inexact, InvalidOperation
from enum import Enum
from typing import Final, TypeAlias

from datastore.errors import BadRequest, LimitExceeded
from datastore.exact_numbers import significant_digits, to_decimal
from datastore.json_text import JSON, quoted

Native: TypeAlias = bool | str | Decimal | list["Native"] | dict[str, "Native"] | None


class Null(Enum):
    """JSON's null given as a value, where None would say that nothing was given."""

    NULL = "null"


NULL: Final = Null.NULL

# DynamoDB counts the attribute itself as level 1, and each element or member as one more than its container.
MAX_LEVELS = 32
MAX_DIGITS = 38
LEAST_EXPONENT = -130
GREATEST_EXPONENT = 125
MAX_NAME_BYTES = 65_535

# Takes off trailing zeros, and must never take off anything else.
_CONTEXT = Context(prec=MAX_DIGITS, traps=[Inexact, InvalidOperation])
_SMALL = 10**15
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def to_native(value: JSON | Decimal | Null, *, place: str = "value") -> Native:
    """The value with Decimals for numbers; 0.1 is exactly 0.1, and -0 is 0."""
    return _convert(value, [place])


def _convert(value: JSON | Decimal | Null, path: list[str | int]) -> Native:
    """`path` leads to `value`, and its length is the level that DynamoDB counts."""
    if len(path) > MAX_LEVELS:
        raise LimitExceeded(
            f"{_place(path[:4])} nests more than {MAX_LEVELS} levels deep, which is all that can be stored."
        )
    match value:
        case str():
            return _text(value, path)
        case None | bool():
            return value
        case int() | float() | Decimal():
            return _number(value, path)
        case dict():
            return _members(value, path)
        case list():
            return _elements(value, path)
        case Null():
            return None
    raise BadRequest(f"{_place(path)} is not a JSON value but a {type(value).__name__}.")


def _elements(elements: Sequence[JSON], path: list[str | int]) -> list[Native]:
    native = []
    for index, element in enumerate(elements):
        path.append(index)
        native.append(_convert(element, path))
        path.pop()
    return native


def _members(members: dict[str, JSON], path: list[str | int]) -> dict[str, Native]:
    native = {}
    for name, member in members.items():
        path.append(name)
        _check_name(name, path)
        native[name] = _convert(member, path)
        path.pop()
    return native


def _text(text: str, path: list[str | int]) -> str:
    if _has_lone_surrogate(text):
        raise BadRequest(f"{_place(path)} holds half of a surrogate pair, which is not a character.")
    return text


def _check_name(name: str, path: list[str | int]) -> None:
    if not name:
        raise BadRequest(f"{_place(path)}: the name of a member can't be empty.")
    if _has_lone_surrogate(name):
        raise BadRequest(f"{_place(path)}: the name holds half of a surrogate pair, which is not a character.")
    if len(name) > MAX_NAME_BYTES // 4 and (size := len(name.encode())) > MAX_NAME_BYTES:
        raise LimitExceeded(f"{_place(path)}: the name has {size} bytes; at most {MAX_NAME_BYTES} can be stored.")


def _has_lone_surrogate(text: str) -> bool:
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _number(number: int | float | Decimal, path: list[str | int]) -> Decimal:
    if isinstance(number, int) and -_SMALL < number < _SMALL:
        return Decimal(number)
    try:
        exact = to_decimal(number)
    except (InvalidOperation, ValueError) as error:  # not a number, or an exponent beyond any bound
        raise BadRequest(f"{_place(path)} is not a number that can be stored: {_RANGE}.") from error
    digits, _ = significant_digits(exact)
    if len(digits) > MAX_DIGITS:
        raise LimitExceeded(f"{_place(path)} has {len(digits)} significant digits; at most {MAX_DIGITS} can be stored.")
    if not digits:
        return Decimal(0)
    if not LEAST_EXPONENT <= exact.adjusted() <= GREATEST_EXPONENT:
        raise BadRequest(f"{_place(path)} is out of range: {_RANGE}.")
    return exact.normalize(_CONTEXT)


_RANGE = f"numbers go from 1E{LEAST_EXPONENT} to less than 1E+{GREATEST_EXPONENT + 1}, on either side of 0"


def _place(path: Sequence[str | int]) -> str:
    """A JSON path as JavaScript would write it: value.a[3]["b c"]."""
    root, *steps = path
    return f"{root}{''.join(map(_step, steps))}"


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_NAME.fullmatch(step) else f"[{quoted(step)}]"
