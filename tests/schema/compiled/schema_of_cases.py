"""A small schema for cases: what its resolvers answer stands in the context."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema

SDL = """
enum Colour { RED GREEN }
input Point { x: Int! y: Int = 2 label: String names: [String!] }
input Tree { name: String leaves: [Tree!] }
interface Named { name: String }
type Dog implements Named { name: String }
union Any = Dog | Thing
type Thing {
  name: String
  must: String!
  number: Int
  list: [Int]
  listMust: [Int!]
  mustList: [Int]!
  mustListMust: [Int!]!
  grid: [[Int!]]
  colour: Colour
  thing: Thing
  mustThing: Thing!
  things: [Thing]
  mustThings: [Thing!]!
  method(by: Int = 2, point: Point): String
}
type Query {
  thing: Thing
  mustThing: Thing!
  things: [Thing!]
  echo(text: String, number: Int, must: Int!, colour: Colour, point: Point, points: [Point], ids: [ID!]): String
  defaults(text: String = "d", list: [Int!] = [1, 2], point: Point = { x: 1 }): String
  tree(tree: Tree): String
  named: Named
  any: [Any]
}
type Mutation { add(number: Int): Thing  fail: Thing  mustFail: Thing! }
type Subscription { changed: String }
"""


@dataclass
class Context:
    """What the resolvers answer and what they leave behind."""

    thing: Any = None
    log: list[str] = field(default_factory=list)


def schema_of_cases() -> GraphQLSchema:
    schema = build_schema(SDL)
    resolvers: Mapping[str, Any] = {
        "Query.thing": lambda _, info: info.context.thing,
        "Query.mustThing": _later,
        "Query.things": lambda _, info: [info.context.thing, info.context.thing],
        "Query.echo": _echo,
        "Query.defaults": _echo,
        "Query.tree": _echo,
        "Query.named": lambda _, info: {"__typename": "Dog", "name": "Rex"},
        "Query.any": lambda _, info: [{"__typename": "Thing", "name": "t"}],
        "Mutation.add": _add,
        "Mutation.fail": _fail,
        "Mutation.mustFail": _fail,
    }
    for coordinate, resolve in resolvers.items():
        type_name, _, name = coordinate.partition(".")
        schema.type_map[type_name].fields[name].resolve = resolve  # type: ignore[attr-defined]
    return schema


async def _later(_source: Any, info: Any) -> Any:
    await asyncio.sleep(0)
    return info.context.thing


def _echo(_source: Any, info: Any, **arguments: Any) -> str:
    info.context.log.append(repr(arguments))
    return repr(arguments)


async def _add(_source: Any, info: Any, **arguments: Any) -> Any:
    for _ in range(3 - len(info.context.log)):
        await asyncio.sleep(0)
    info.context.log.append(repr(arguments))
    return {"number": len(info.context.log)}


async def _fail(_source: Any, info: Any, **_: Any) -> Any:
    info.context.log.append("failed")
    raise GraphQLError("failed", extensions={"code": "FAILED"})
