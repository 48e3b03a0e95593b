"""Strict JSON in, with exact numbers, and compact JSON out."""

import json
from base64 import b64encode
from collections import Counter
from decimal import Decimal
from itertools import chain
from math import isinf
from typing import Any, Final, NoReturn, TypeAlias

import orjson

from datastore.exact_numbers import ExactFloat, number_text

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None

# A value nests 32 at most, and a request around it a few more; the interpreter's stack bears many times this.
MAX_DEPTH = 100
_NOT_PLAIN: Final = object()


class JSONText(str):
    """JSON that has been rendered already: where a value is expected that is still to be, it stands for it."""

    __slots__ = ()


class InvalidJSON(ValueError):  # noqa: N818 - exceptions here say what went wrong, without "Error"
    """The text is not JSON by RFC 8259, or holds what no program should have to guess at."""


def parse(text: bytes | str) -> JSON:
    """The value of a JSON text: int for whole numbers, and for others ExactFloat, or a float where that is exact.

    Lone surrogates are let through: what stores the value refuses them, and can name the place.
    """
    value = _read_plain(text)
    if value is _NOT_PLAIN:
        value = _read_strictly(text)
    if _openings(text) > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise _too_deep()
    return value  # type: ignore[no-any-return] # as orjson gives it, which has nothing else to give


def _read_plain(text: bytes | str) -> Any:
    """The value, where it would be written in these very bytes: so no name is there twice, and no digit was lost.

    A fifth of the work. All else, whatever is wrong with it too, is left to the strict reader.
    """
    try:
        value = orjson.loads(text)
        written = orjson.dumps(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # the latter where it nests too deep for it
        return _NOT_PLAIN
    return value if written == (text.encode() if isinstance(text, str) else text) else _NOT_PLAIN


def _read_strictly(text: bytes | str) -> JSON:
    try:
        source = text if isinstance(text, str) else text.decode()
        value: JSON = _DECODER.decode(source)
    except json.JSONDecodeError as error:
        raise InvalidJSON(f"{error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno}.") from error
    except UnicodeDecodeError as error:
        raise InvalidJSON(f"The text is not UTF-8: byte {error.start} can't be read.") from error
    except RecursionError as error:
        raise _too_deep() from error
    except InvalidJSON:
        raise
    except ValueError as error:  # int() refuses more digits than it can convert in reasonable time
        raise InvalidJSON("An integer has too many digits; at most 4300 can be read.") from error
    return value


def render(value: Any) -> str:
    """Compact JSON text of a native value; a set becomes a list, binary becomes base64."""
    try:
        return orjson.dumps(value, default=_plain).decode()
    except orjson.JSONEncodeError:
        # orjson stops at 64 bits; as a Decimal an integer has no such bound.
        return orjson.dumps(_without_ints(value), default=_plain).decode()


def quoted(text: str) -> str:
    """The text as a message may show it: short, and always writable as UTF-8."""
    writable = text[:50].encode(errors="backslashreplace").decode()
    return f'"{writable}{"…" if len(text) > 50 else ""}"'


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise InvalidJSON(f"The name {quoted(name)} appears twice in one object.")
    return members


def _exact_float(text: str) -> ExactFloat:
    number = ExactFloat(text)
    if isinf(number):
        raise InvalidJSON(f"The number {quoted(text)} is too large.")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidJSON(f"{name} is not JSON.")


# Built once: making a decoder for each text costs more than reading a short one. It holds no state.
_DECODER = json.JSONDecoder(object_pairs_hook=_unique_names, parse_float=_exact_float, parse_constant=_refuse_constant)


def _too_deep() -> InvalidJSON:
    return InvalidJSON(f"Objects and lists nest too deep; at most {MAX_DEPTH} levels can be read.")


def _openings(text: bytes | str) -> int:
    return text.count("[") + text.count("{") if isinstance(text, str) else text.count(b"[") + text.count(b"{")


def _depth(value: JSON) -> int:
    """How many containers stand in one another, counted level by level and no further than the limit."""
    level, depth = [value], 0
    while depth <= MAX_DEPTH and (containers := [each for each in level if isinstance(each, dict | list)]):
        level = list(chain.from_iterable(c.values() if isinstance(c, dict) else c for c in containers))
        depth += 1
    return depth


def _plain(value: Any) -> Any:
    """What orjson doesn't know by itself."""
    match value:
        case Decimal():
            return orjson.Fragment(number_text(value))
        case ExactFloat():
            return orjson.Fragment(value.text)
        case set() | frozenset():
            return sorted(each if isinstance(each, str | Decimal) else _plain(each) for each in value)
        case _ if hasattr(value, "__bytes__"):  # bytes, and boto3's Binary
            return b64encode(bytes(value)).decode()
    raise TypeError(f"A {type(value).__name__} has no JSON text.")


def _without_ints(value: Any) -> Any:
    match value:
        case dict():
            return {name: _without_ints(member) for name, member in value.items()}
        case list():
            return [_without_ints(element) for element in value]
        case int() if not isinstance(value, bool):
            return Decimal(value)
    return value
