"""Objects whose attributes answer by a seed: mostly well, and otherwise wrong in every way."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import Any

from graphql import GraphQLError, Undefined

from datastore.errors import BadRequest

WORDS = ("", "a", "naïve", "\U0001f600", "x" * 40)


@dataclass
class Trace:
    """What resolvers leave behind, in the order in which it happened; `likelihood` is that of a fault, 0 to 1."""

    seed: str
    likelihood: float
    log: list[str] = field(default_factory=list)


class Scripted:
    """The source of any object. An attribute has a value, or a fault, that its seed decides; always the same one."""

    def __init__(self, trace: Trace, trail: str) -> None:
        self._trace = trace
        self._trail = trail
        self._raised: dict[str, Exception] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._raised:
            raise self._raised[name]
        value = scripted_value(self._trace, name, f"{self._trail}/{name}")
        if isinstance(value, _Raise):
            self._raised[name] = value.error
            raise value.error
        setattr(self, name, value)
        return value


class Strange:
    """Nothing that a type of the schema takes."""

    def __repr__(self) -> str:
        return "strange"


class Once:
    """Neither a list nor a tuple, but may be gone through; once."""

    def __init__(self) -> None:
        self._items = iter([1, "a"])

    def __iter__(self) -> Iterator[Any]:
        return self._items

    def __repr__(self) -> str:
        return "once"


@dataclass(frozen=True)
class _Raise:
    error: Exception


def scripted_value(trace: Trace, name: str, trail: str) -> Any:
    random = Random(f"{trace.seed}/{trail}")
    if random.random() < trace.likelihood:
        return FAULTS[random.randrange(len(FAULTS))](trace, name, trail)
    return _well(trace, name, trail, random)


def _well(trace: Trace, name: str, trail: str, random: Random) -> Any:
    maker = VALUES[name.rpartition("_")[2]]
    return maker(trace, trail, random)


def _some(maker: Callable[..., Any]) -> Callable[..., Any]:
    def make(trace: Trace, trail: str, random: Random) -> Any:
        return [maker(trace, f"{trail}/{number}", random) for number in range(random.randrange(4))]

    return make


def _word(_trace: Trace, _trail: str, random: Random) -> str:
    return random.choice(WORDS)


def _number(_trace: Trace, _trail: str, random: Random) -> int:
    return random.choice((0, 1, -5, 2**31 - 1))


def _thing(trace: Trace, trail: str, random: Random) -> Scripted:
    return Scripted(trace, trail)


class Colour(Enum):
    RED = "red"
    GREEN = "green"


VALUES: dict[str, Callable[..., Any]] = {
    "word": _word,
    "number": _number,
    "words": _some(_word),
    "grid": _some(_some(_number)),
    "thing": _thing,
    "things": _some(_thing),
    "ratio": lambda *_: 0.5,
    "flag": lambda *_: True,
    "colour": lambda *_: Colour.GREEN,
    "at": lambda *_: "2026-01-01T00:00:00.000Z",
    "second": lambda *_: 1_700_000_000,
    "json": lambda *_: {"a": [1, None]},
}


@dataclass
class Later:
    """Has its outcome some ticks of the event loop after it is awaited, at most three."""

    trace: Trace
    trail: str
    outcome: Any

    def __await__(self) -> Any:
        return self._wait().__await__()

    async def _wait(self) -> Any:
        try:
            for _ in range(Random(f"{self.trace.seed}/{self.trail}/wait").randrange(4)):
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.trace.log.append(f"cancelled {self.trail}")
            raise
        self.trace.log.append(f"waited {self.trail}")
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def _broken_list(trace: Trace, name: str, trail: str) -> list[Any]:
    random = Random(f"{trace.seed}/{trail}/list")
    good = _well(trace, name.removesuffix("s"), trail, random) if name.endswith("s") else 1
    return [good, random.choice((None, ValueError("in a list"), Undefined, {}, Later(trace, trail, good))), good]


def _in_time(trace: Trace, name: str, trail: str) -> Any:
    return Later(trace, trail, _well(trace, name, trail, Random(f"{trace.seed}/{trail}")))


FAULTS: tuple[Callable[[Trace, str, str], Any], ...] = (
    lambda *_: None,
    lambda *_: None,
    lambda *_: Undefined,
    lambda *_: ValueError("returned, not raised"),
    lambda *_: GraphQLError("returned, not raised"),
    lambda *_: _Raise(ValueError("raised")),
    lambda *_: _Raise(AttributeError("raised")),
    lambda *_: _Raise(GraphQLError("raised", extensions={"code": "MINE"})),
    lambda *_: _Raise(BadRequest("refused", data={"word": 1}, info={"a": 1})),
    lambda *_: Strange(),
    lambda *_: "text",
    lambda *_: 3.7,
    lambda *_: float("nan"),
    lambda *_: 2**40,
    lambda *_: True,
    lambda *_: {"word": "in a dict"},
    lambda *_: (1, 2),
    lambda *_: {1},
    lambda *_: Once(),
    lambda *_: b"bytes",
    _broken_list,
    _broken_list,
    _in_time,
    _in_time,
    lambda trace, name, trail: Later(trace, trail, None),
    lambda trace, name, trail: Later(trace, trail, RuntimeError("later")),
    lambda trace, name, trail: Later(trace, trail, Strange()),
)
