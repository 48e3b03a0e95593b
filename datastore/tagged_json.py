"""A value as DynamoDB's JSON has it: its own JSON text, and its size in bytes, from one walk.

The size takes no look at texts and names. In JSON without escapes and quotes they take the bytes that DynamoDB counts;
all else that JSON writes more, or less, than DynamoDB counts is the value's punctuation, which the walk adds up.
"""

from decimal import Decimal
from typing import Any

import msgspec
import orjson

from datastore.attribute_values import untag
from datastore.exact_numbers import number_text
from datastore.item_size import item_size, natural_text_size, number_text_size
from datastore.json_text import JSONText, render
from datastore.wire.codec import with_bytes


class Tagged(msgspec.Struct, gc=False, omit_defaults=True):
    """A value under its tag, the one field that is not None; fields are read faster than members of a dict."""

    S: str | None = None
    N: str | None = None
    M: dict[str, "Tagged"] | None = None
    L: list["Tagged"] | None = None
    BOOL: bool | None = None
    NULL: bool | None = None
    B: str | None = None
    SS: list[str] | None = None
    NS: list[str] | None = None
    BS: list[str] | None = None


class Unusual(Exception):  # noqa: N818 - exceptions here say what went wrong, without "Error"
    """Not JSON's kinds alone: binary, or a set, of which attribute_values makes what JSON can show."""


def text_and_size(tagged: Tagged) -> tuple[JSONText, int]:
    """As render and item_size have them of what attribute_values.untag makes of it."""
    try:
        native, punctuation = _read(tagged)
        text = orjson.dumps(native)
    except (Unusual, orjson.JSONEncodeError):  # the latter for integers of more than 64 bits
        native = untag(with_bytes(msgspec.to_builtins(tagged)))
        return JSONText(render(native)), item_size({"": native})
    shown = JSONText(text, "utf-8")
    if "\\" in shown:
        text = _without_escapes(text)
        return shown, len(text) - text.count(b'"') - punctuation
    return shown, len(text) - shown.count('"') - punctuation


def _read(tagged: Tagged) -> tuple[Any, int]:
    """What orjson is to write, and its punctuation; DynamoDB counts 3 for a map or list. Raises Unusual.

    A text is read without a call, where it stands.
    """
    if (members := tagged.M) is not None:
        natives, punctuation = {}, len(members) - 2 if members else -1
        for name, member in members.items():
            if (text := member.S) is not None:
                natives[name] = text
            else:
                natives[name], more = _read(member)
                punctuation += more
        return natives, punctuation
    if (text := tagged.N) is not None:
        return _read_number(text)
    if (flag := tagged.BOOL) is not None:
        return flag, 3 if flag else 4
    if (elements := tagged.L) is not None:
        return _read_elements(elements)
    if (text := tagged.S) is not None:
        return text, 0
    if tagged.NULL is not None:
        return None, 3
    raise Unusual


def _read_elements(elements: list[Tagged]) -> tuple[list[Any], int]:
    natives, punctuation = [], -2 if elements else -1
    for element in elements:
        native, more = (text, 0) if (text := element.S) is not None else _read(element)
        natives.append(native)
        punctuation += more
    return natives, punctuation


def _read_number(text: str) -> tuple[int | orjson.Fragment, int]:
    try:
        number = int(text)
    except ValueError:
        shown = number_text(Decimal(text))
        return orjson.Fragment(shown), len(shown) - number_text_size(text)
    shown = str(number)
    return number, len(shown) - (number_text_size(shown) if number < 0 else natural_text_size(shown))


def _without_escapes(text: bytes) -> bytes:
    """As long as the JSON text would be if every character stood for itself; quotes are those that JSON needs."""
    plain = text.replace(rb"\\", b"_").replace(rb"\"", b"_")
    return plain.replace(rb"\u000", b"").replace(rb"\u001", b"").replace(b"\\", b"")
