"""Conditions and updates as values, and their text with a placeholder for every name and value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


class Condition:
    """A condition on one item; combined with & and |."""

    def __and__(self, other: "Condition") -> "Condition":
        return _Joined("AND", self, other)

    def __or__(self, other: "Condition") -> "Condition":
        return _Joined("OR", self, other)

    def write(self, placeholders: "Placeholders") -> str:
        raise NotImplementedError


@dataclass(frozen=True)
class _Joined(Condition):
    word: str
    left: Condition
    right: Condition

    def write(self, placeholders: "Placeholders") -> str:
        return f"({self.left.write(placeholders)} {self.word} {self.right.write(placeholders)})"


@dataclass(frozen=True)
class _Compare(Condition):
    attribute: str
    operator: str
    value: Any

    def write(self, placeholders: "Placeholders") -> str:
        return f"{placeholders.name(self.attribute)} {self.operator} {placeholders.value(self.value)}"


@dataclass(frozen=True)
class _Between(Condition):
    attribute: str
    low: Any
    high: Any

    def write(self, placeholders: "Placeholders") -> str:
        low, high = placeholders.value(self.low), placeholders.value(self.high)
        return f"{placeholders.name(self.attribute)} BETWEEN {low} AND {high}"


@dataclass(frozen=True)
class _Call(Condition):
    function: str
    attribute: str
    arguments: tuple[Any, ...] = ()

    def write(self, placeholders: "Placeholders") -> str:
        values = [placeholders.value(argument) for argument in self.arguments]
        return f"{self.function}({', '.join([placeholders.name(self.attribute), *values])})"


@dataclass(frozen=True)
class _OneOf(Condition):
    attribute: str
    values: tuple[Any, ...]

    def write(self, placeholders: "Placeholders") -> str:
        name, values = placeholders.name(self.attribute), map(placeholders.value, self.values)
        return f"{name} IN ({', '.join(values)})"


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
class Update:
    """What an UpdateItem does; a value of `set` may be an Increment or an IfMissing."""

    set: Mapping[str, Any]
    remove: tuple[str, ...] = ()

    def write(self, placeholders: "Placeholders") -> str:
        assignments = [
            f"{placeholders.name(attribute)} = {_assigned(attribute, value, placeholders)}"
            for attribute, value in self.set.items()
        ]
        text = f"SET {', '.join(assignments)}"
        if self.remove:
            text += f" REMOVE {', '.join(map(placeholders.name, self.remove))}"
        return text


def _assigned(attribute: str, value: Any, placeholders: "Placeholders") -> str:
    match value:
        case Increment(by, start):
            name = placeholders.name(attribute)
            return f"if_not_exists({name}, {placeholders.value(start)}) + {placeholders.value(by)}"
        case IfMissing(first):
            return f"if_not_exists({placeholders.name(attribute)}, {placeholders.value(first)})"
        case _:
            return placeholders.value(value)


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
