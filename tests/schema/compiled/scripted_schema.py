"""A schema with a field of every kind, over scripted objects."""

from typing import Any, Optional, cast

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.build import executable
from schema.scalars import AWSJSON, SCALARS, AWSDateTime, AWSTimestamp
from tests.schema.compiled.scripted import Colour, Later, Scripted, Trace


@strawberry.input
class Range:
    first: int = 1
    names: list[str] = strawberry.field(default_factory=lambda: ["n"])


@strawberry.input
class Where:
    words: list[str]
    number: int = 7
    colour: Colour | None = None
    inner: Range | None = None


async def _slowly(self: Any, trace: Trace, name: str) -> Any:
    trace.log.append(f"begun {self._trail}/{name}")
    value = getattr(self, name)
    return await Later(trace, f"{getattr(self, '_trail', '')}/{name}", value) if not _is_waiting(value) else await value


def _is_waiting(value: Any) -> bool:
    return hasattr(value, "__await__")


async def slow_echo(
    info: strawberry.Info,
    number: int,
    text: str | None = "none",
    colour: Colour = Colour.RED,
    words: list[str] | None = None,
    where: Where | None = None,
) -> str | None:
    info.context.log.append(f"echo {number} {text} {colour} {words} {where}")
    return f"{number} {text} {colour} {words} {where}"


def echo(info: strawberry.Info, range: Range | None = None, at: AWSDateTime | None = None) -> str:  # noqa: A002
    info.context.log.append(f"echo {range} {at}")
    return f"{range} {at}"


@strawberry.type
class Thing:
    word: str
    maybe_word: str | None
    number: int
    maybe_number: int | None
    ratio: float
    flag: bool | None
    id_word: strawberry.ID
    colour: Colour
    maybe_colour: Colour | None
    at: AWSDateTime | None
    second: AWSTimestamp
    json: AWSJSON | None
    words: list[str]
    maybe_words: list[str | None] | None
    grid: list[list[int]] | None
    thing: Optional["Thing"]
    must_thing: "Thing"
    things: list["Thing"]
    maybe_things: list[Optional["Thing"]] | None

    @strawberry.field
    def shout_word(self) -> str:
        return cast(str, getattr(self, "shouted_word"))  # noqa: B009 - an attribute that only a script has

    @strawberry.field
    def near_things(self) -> list["Thing"] | None:
        return cast(Any, getattr(self, "nearest_things"))  # noqa: B009

    @strawberry.field
    async def later_word(self, info: strawberry.Info) -> str:
        return cast(str, await _slowly(self, info.context, "late_word"))

    @strawberry.field
    async def later_thing(self, info: strawberry.Info) -> Optional["Thing"]:
        return cast(Any, await _slowly(self, info.context, "late_thing"))

    @strawberry.field
    async def later_must_thing(self, info: strawberry.Info, number: int | None = None) -> "Thing":
        return cast(Any, await _slowly(self, info.context, f"late{number or ''}_thing"))

    @strawberry.field
    async def later_things(self, info: strawberry.Info, first: int = 2) -> list["Thing"]:
        return cast(Any, await _slowly(self, info.context, "late_things"))

    echo = strawberry.field(resolver=echo)
    slow_echo = strawberry.field(resolver=slow_echo)


@strawberry.type
class Query:
    echo = strawberry.field(resolver=echo)
    slow_echo = strawberry.field(resolver=slow_echo)

    @strawberry.field
    async def thing(self, info: strawberry.Info, number: int | None = None) -> Thing | None:
        return cast(Any, await _slowly(_root(info, "q"), info.context, f"root{number or ''}_thing"))

    @strawberry.field
    async def must_thing(self, info: strawberry.Info) -> Thing:
        return cast(Any, await _slowly(_root(info, "q"), info.context, "must_thing"))

    @strawberry.field
    async def things(self, info: strawberry.Info, first: int = 2) -> list[Thing] | None:
        return cast(Any, await _slowly(_root(info, "q"), info.context, "root_things"))

    @strawberry.field
    def near_things(self, info: strawberry.Info) -> list[Thing | None]:
        return cast(Any, _root(info, "q").near_things)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def change(self, info: strawberry.Info, word: str = "m") -> Thing | None:
        return cast(Any, await _slowly(_root(info, word), info.context, "changed_thing"))

    @strawberry.mutation
    async def must_change(self, info: strawberry.Info, word: str) -> Thing:
        return cast(Any, await _slowly(_root(info, word), info.context, "mustchanged_thing"))

    @strawberry.mutation
    def change_at_once(self, info: strawberry.Info, where: Where) -> list[Thing]:
        info.context.log.append(f"at once {where}")
        return cast(Any, getattr(_root(info, "at-once"), "changed_things"))  # noqa: B009


def _root(info: strawberry.Info, word: str) -> Scripted:
    return Scripted(info.context, word)


def scripted_schema() -> GraphQLSchema:
    config = StrawberryConfig(scalar_map=SCALARS)
    return executable(strawberry.Schema(query=Query, mutation=Mutation, config=config))
