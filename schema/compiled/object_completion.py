"""Completes objects whose fields are all plain, each selection by a function of its own, written for it.

For the selection { key size } of a Key it reads:

    def complete(source):
        if type(source) not in settled:
            if source is None:
                return None
            check(source)
        v0 = source.key
        if type(v0) is not same0:
            v0 = complete0(v0)
        v1 = complete1(read1(source))
        return {'key': v0, 'size': v1}

A type may have a stand-in, a class that says by which expression each field is read of it. Its objects are completed
by a second function, that is the same but for `source.sk.S[4:]` in the place of `source.key`.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, ClassVar, Final, Protocol

from schema.compiled.completion import check_settled
from schema.compiled.plan import Complete, PlainField
from schema.settled import Settled

_HEAD: Final = """\
def complete(source):
    if type(source) not in settled:
        if source is None:
            return None
        check(source)
"""
_STAND_IN_HEAD: Final = """\
def complete(source):
    if type(source) is not stand_in:
        return complete_other(source)
"""


class StandIn(Protocol):
    """A class of the data's whose objects are taken for those of a type, each field read by one expression."""

    EXPRESSIONS: ClassVar[Mapping[str, str]]


def object_completer(fields: Mapping[str, PlainField], stand_in: type[StandIn] | None = None) -> Complete:
    """`fields` by response key, in the order in which they go out. A response key is a GraphQL name."""
    settled: set[type] = set()
    names: dict[str, Any] = {"settled": settled, "check": partial(_check, settled), "stand_in": stand_in}
    for number, field in enumerate(fields.values()):
        names |= {f"read{number}": field.read, f"complete{number}": field.complete}
        if field.settled:
            names[f"same{number}"] = field.settled.type
    complete = _function(_HEAD, fields, {}, names)
    if stand_in is None:
        return complete
    return _function(_STAND_IN_HEAD, fields, stand_in.EXPRESSIONS, {**names, "complete_other": complete})


def _function(
    head: str, fields: Mapping[str, PlainField], expressions: Mapping[str, str], names: dict[str, Any]
) -> Complete:
    source = _source(head, fields, expressions)
    exec(compile(source, "<selection>", "exec"), names)  # noqa: S102 - of names alone, see _source
    complete: Complete = names["complete"]
    return complete


def _check(settled: set[type], source: Any) -> None:
    """Once for each type: whether it is an error, or to be awaited, is a matter of what it is."""
    check_settled(source)
    settled.add(type(source))


def _source(head: str, fields: Mapping[str, PlainField], expressions: Mapping[str, str]) -> str:
    """Text from outside gets in as response keys only, which the grammar keeps to letters, digits and underscores."""
    lines = [
        line
        for number, field in enumerate(fields.values())
        for line in _field_lines(number, field, expressions.get(field.python_name or "") or _value(number, field))
    ]
    members = ", ".join(f"{key!r}: v{number}" for number, key in enumerate(fields))
    return head + "".join(f"    {line}\n" for line in [*lines, f"return {{{members}}}"])


def _value(number: int, field: PlainField) -> str:
    return f"source.{field.attribute}" if field.attribute else f"read{number}(source)"


def _field_lines(number: int, field: PlainField, value: str) -> Iterator[str]:
    if field.settled is None:
        yield f"v{number} = complete{number}({value})"
    else:
        yield f"v{number} = {value}"
        yield f"if type(v{number}) is not same{number}{_out_of_bounds(number, field.settled)}:"
        yield f"    v{number} = complete{number}(v{number})"


def _out_of_bounds(number: int, settled: Settled) -> str:
    if settled.least is None or settled.greatest is None:
        return ""
    return f" or not {settled.least:d} <= v{number} <= {settled.greatest:d}"
