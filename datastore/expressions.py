"""Conditions and updates as values, and their text with a placeholder for every name and value."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

# An expression's text, with [name] where an attribute's name goes and ? where a value does, and the values. Names come
# from this program, never from a caller, so that there are few texts.
Parts: TypeAlias = tuple[str, tuple[Any, ...]]


class Expression:
    """A condition or an update."""

    @property
    def parts(self) -> Parts:
        raise NotImplementedError

    def write(self, placeholders: "Placeholders") -> str:
        text, values = self.parts
        left = iter(values)
        return _MARK.sub(lambda mark: placeholders.name(mark[1]) if mark[1] else placeholders.value(next(left)), text)


class Condition(Expression):
    """A condition on one item; combined with & and |."""

    def __and__(self, other: "Condition") -> "Condition":
        return _Joined("AND", self, other)

    def __or__(self, other: "Condition") -> "Condition":
        return _Joined("OR", self, other)


@dataclass(frozen=True)
class _Joined(Condition):
    word: str
    left: Condition
    right: Condition

    @property
    def parts(self) -> Parts:
        """Worked out once: the left side is often a condition that many operations share."""
        known: Parts | None = self.__dict__.get("_parts")
        if known is None:
            (left, values), (right, more) = self.left.parts, self.right.parts
            known = self.__dict__["_parts"] = f"({left} {self.word} {right})", values + more
        return known


@dataclass(frozen=True)
class _Compare(Condition):
    attribute: str
    operator: str
    value: Any

    @property
    def parts(self) -> Parts:
        return f"[{self.attribute}] {self.operator} ?", (self.value,)


@dataclass(frozen=True)
class _Between(Condition):
    attribute: str
    low: Any
    high: Any

    @property
    def parts(self) -> Parts:
        return f"[{self.attribute}] BETWEEN ? AND ?", (self.low, self.high)


@dataclass(frozen=True)
class _Call(Condition):
    function: str
    attribute: str
    arguments: tuple[Any, ...] = ()

    @property
    def parts(self) -> Parts:
        marks = ", ?" * len(self.arguments)
        return f"{self.function}([{self.attribute}]{marks})", self.arguments


@dataclass(frozen=True)
class _OneOf(Condition):
    attribute: str
    values: tuple[Any, ...]

    @property
    def parts(self) -> Parts:
        return f"[{self.attribute}] IN ({', '.join('?' * len(self.values))})", self.values


def equals(attribute: str, value: Any) -> Condition:
    return _Compare(attribute, "=", value)


def differs(attribute: str, value: Any) -> Condition:
    """True as well where the item or the attribute is missing."""
    return _Compare(attribute, "<>", value)


def one_of(attribute: str, values: Iterable[Any]) -> Condition:
    """At least one value, and at most 100."""
    return _OneOf(attribute, tuple(values))


def greater(attribute: str, value: Any) -> Condition:
    return _Compare(attribute, ">", value)


def at_most(attribute: str, value: Any) -> Condition:
    return _Compare(attribute, "<=", value)


def exists(attribute: str) -> Condition:
    return _Call("attribute_exists", attribute)


def missing(attribute: str) -> Condition:
    return _Call("attribute_not_exists", attribute)


def has_type(attribute: str, type_code: str) -> Condition:
    return _Call("attribute_type", attribute, (type_code,))


def begins_with(attribute: str, prefix: str) -> Condition:
    return _Call("begins_with", attribute, (prefix,))


def between(attribute: str, low: Any, high: Any) -> Condition:
    """Both ends are included."""
    return _Between(attribute, low, high)


@dataclass(frozen=True)
class Increment:
    """In an update: what is there, or `start` where nothing is, plus `by`."""

    by: Any
    start: Any = 0


@dataclass(frozen=True)
class IfMissing:
    """In an update: what is there, or `value` where nothing is."""

    value: Any


@dataclass(frozen=True)
class Update(Expression):
    """What an UpdateItem does; a value of `set` may be an Increment or an IfMissing."""

    set: Mapping[str, Any]
    remove: tuple[str, ...] = ()

    @property
    def parts(self) -> Parts:
        kinds = tuple(map(type, self.set.values()))
        text = _assignments(tuple(self.set), kinds, self.remove)
        if Increment not in kinds and IfMissing not in kinds:
            return text, tuple(self.set.values())
        values: list[Any] = []
        for kind, value in zip(kinds, self.set.values(), strict=True):
            if kind is Increment:
                values += value.start, value.by
            else:
                values.append(value.value if kind is IfMissing else value)
        return text, tuple(values)


@lru_cache(1000)
def _assignments(names: tuple[str, ...], kinds: tuple[type, ...], remove: tuple[str, ...]) -> str:
    assigned = {Increment: "if_not_exists([{0}], ?) + ?", IfMissing: "if_not_exists([{0}], ?)"}
    texts = (f"[{name}] = {assigned.get(kind, '?').format(name)}" for name, kind in zip(names, kinds, strict=True))
    removed = f" REMOVE {', '.join(f'[{name}]' for name in remove)}" if remove else ""
    return f"SET {', '.join(texts)}{removed}"


@dataclass
class Placeholders:
    """Names and values met while an expression is written. Every name gets one: DynamoDB reserves some 570 words."""

    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def name(self, attribute: str) -> str:
        for placeholder, known in self.names.items():
            if known == attribute:
                return placeholder
        placeholder = f"#{len(self.names)}"
        self.names[placeholder] = attribute
        return placeholder

    def value(self, value: Any) -> str:
        placeholder = f":{len(self.values)}"
        self.values[placeholder] = value
        return placeholder


class Written(NamedTuple):
    """The texts of a request's expressions with all their placeholders, by name and in the order of the values."""

    texts: tuple[str, ...]
    names: Mapping[str, str]
    values: tuple[str, ...]


@lru_cache(1000)
def written(*texts: str) -> Written:
    """As the texts of `parts` have to be written in one request, one after the other."""
    placeholders = Placeholders()
    done = tuple(_Template(text).write(placeholders) for text in texts)
    return Written(done, placeholders.names, tuple(placeholders.values))


@dataclass(frozen=True)
class _Template(Expression):
    """Whatever its values will be."""

    text: str

    @property
    def parts(self) -> Parts:
        return self.text, (None,) * self.text.count("?")


_MARK = re.compile(r"\[([^]]+)\]|\?")
