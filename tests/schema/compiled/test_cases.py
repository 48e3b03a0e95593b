"""What graphql-core's own tests of execution hold, case by case: lists, nulls, variables, mutations, errors.

Each case is answered by graphql-core and by its plan; `left` cases have to be left to graphql-core, and say so.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from graphql import GraphQLSchema, Undefined, parse

from tests.schema.compiled.both import LEAVES_COROUTINES, compiled, reference, settled
from tests.schema.compiled.schema_of_cases import Context, schema_of_cases

pytestmark = LEAVES_COROUTINES


class Attributes:
    name = "an attribute"

    def must(self, _info: Any) -> str:
        return "a method"

    @property
    def number(self) -> int:
        raise ValueError("a property that fails")


def _raise(error: Exception) -> Callable[..., Any]:
    def resolve(_info: Any, **_: Any) -> Any:
        raise error

    return resolve


async def _in_time(value: Any) -> Any:
    await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


def _generator() -> Iterator[int]:
    yield 1
    yield 2


@dataclass(frozen=True)
class Case:
    document: str
    thing: Callable[[], Any] = lambda: None
    variables: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    left: bool = False


_LISTS = {
    "a list": lambda: [1, 2],
    "a tuple": lambda: (1, 2),
    "a set": lambda: {1},
    "a generator": _generator,
    "a list with null": lambda: [1, None, 2],
    "null": lambda: None,
    "undefined": lambda: Undefined,
    "a string": lambda: "singular",
    "a mapping": lambda: {"a": 1},
    "a wrong item": lambda: [1, "x", 2],
    "an error in it": lambda: [1, ValueError("bad"), 2],
    "promises in it": lambda: [_in_time(1), 2],
    "a failing promise in it": lambda: [1, _in_time(ValueError("bad"))],
    "a promise of it": lambda: _in_time([1, 2]),
    "a promise of null": lambda: _in_time(None),
    "an error": lambda: ValueError("bad"),
    "out of range": lambda: [2**31],
    "whole floats and booleans": lambda: [1.0, True, "3"],
}
CASES: dict[str, Case] = {
    **{
        f"{name}, {what}": Case(f"{{ thing {{ {name} }} }}", lambda name=name, make=make: {name: make()})  # type: ignore[misc]
        for name in ("list", "listMust", "mustList", "mustListMust")
        for what, make in _LISTS.items()
    },
    "lists in lists": Case("{ thing { grid } }", lambda: {"grid": [[1], None, (2, 3)]}),
    "a null in a list in a list": Case("{ thing { grid } }", lambda: {"grid": [[1], [None], [2]]}),
    "attributes, methods, properties": Case("{ thing { name must number } }", Attributes),
    "an absent attribute": Case("{ thing { colour } }", Attributes),
    "an absent attribute that must be": Case("{ thing { mustThing { name } } }", Attributes),
    "a source that is a number": Case("{ thing { name } }", lambda: 7),
    "functions take arguments": Case(
        "{ thing { a: method b: method(by: 3, point: {x: 1}) } }",
        lambda: {"method": lambda _info, **arguments: repr(arguments)},
    ),
    "functions that raise": Case("{ thing { name must } }", lambda: {"name": "n", "must": _raise(ValueError("bad"))}),
    "null goes up to the next that may be": Case(
        "{ thing { name thing { mustThing { must } } } }", lambda: {"name": "n", "thing": {"mustThing": {"must": None}}}
    ),
    "null goes up to the top": Case("{ mustThing { mustThing { must } } }", lambda: {"mustThing": {"must": None}}),
    "null goes up through a list": Case(
        "{ things { things { must } } }", lambda: {"things": [{"must": "a"}, {"must": None}, None, {}]}
    ),
    "null goes up past a list": Case("{ thing { mustThings { must } } }", lambda: {"mustThings": [{"must": "a"}, {}]}),
    "several errors below one null": Case(
        "{ things { mustThing { a: must b: must } name } }", lambda: {"name": ValueError("first"), "mustThing": {}}
    ),
    "an error is told once": Case("{ a: mustThing { must } b: mustThing { must } }", dict),
    "promises beside failures": Case(
        "{ thing { name must number } }",
        lambda: {"name": _in_time("n"), "must": _in_time(ValueError("bad")), "number": _in_time(1)},
    ),
    "enum": Case("{ thing { colour } }", lambda: {"colour": "RED"}),
    "no value of the enum": Case("{ thing { colour } }", lambda: {"colour": "BLUE"}),
    "fields are merged": Case(
        "{ thing { thing { name } ...F } ... on Query { thing { thing { number } } } } fragment F on Thing "
        "{ thing { must name } }",
        lambda: {"thing": {"name": "n", "number": 1, "must": "m"}},
    ),
    "keys come in the order in which they are asked for": Case(
        "{ thing { b: name a: number ...F } } fragment F on Thing { c: name a: number }", lambda: {"name": 1}
    ),
    "a fragment spread twice": Case(
        "{ thing { ...F ...F @skip(if: true) } } fragment F on Thing { name }", lambda: {"name": "n"}
    ),
    "typenames": Case("{ __typename a: __typename thing { __typename } }", dict),
    **{
        f"skip {skip}, include {include}": Case(
            "query ($s: Boolean!, $i: Boolean!) { thing { name must @skip(if: $s) @include(if: $i) "
            "... @include(if: $i) { number } ...F @skip(if: $s) } } fragment F on Thing { name }",
            lambda: {"name": "n", "must": "m"},
            {"s": skip, "i": include},
        )
        for skip in (True, False)
        for include in (True, False)
    },
    "everything skipped": Case("{ thing @skip(if: true) { name } }"),
    "a condition with a default": Case("query ($i: Boolean! = false) { thing @include(if: $i) { name } }"),
    "arguments": Case(
        '{ echo(text: "t", must: 1, colour: RED, point: {x: 1}, points: [{x: 2, y: null}, null], ids: [1, "a"]) }'
    ),
    "one for a list": Case("{ echo(must: 1, points: {x: 1}, ids: 7) }"),
    "nulls": Case("{ echo(must: 1, text: null, point: null, points: null) }"),
    "defaults": Case("{ defaults a: defaults(text: null) b: defaults(point: {x: 3, y: 4}, list: 5) }"),
    "variables": Case(
        "query ($t: String, $m: Int!, $p: Point, $ps: [Point]) { echo(text: $t, must: $m, point: $p, points: $ps) }",
        variables={"t": "t", "m": 1, "p": {"x": 1, "names": ["a"]}, "ps": [{"x": 1}, None]},
    ),
    "variables left out": Case(
        "query ($t: String, $p: Point, $l: [Int!]) { defaults(text: $t, point: $p, list: $l) echo(must: 1, text: $t) }"
    ),
    "variables that are null": Case(
        "query ($t: String, $p: Point) { defaults(text: $t, point: $p) }", variables={"t": None, "p": None}
    ),
    "defaults of variables": Case(
        'query ($t: String = "v", $p: Point = {x: 9}, $l: [Int!]! = 3) { defaults(text: $t, point: $p, list: $l) }'
    ),
    "variables inside of values": Case(
        "query ($x: Int!, $l: String, $n: String!) { echo(must: $x, point: {x: $x, label: $l, names: [$n]}) }",
        variables={"x": 1, "n": "a"},
    ),
    "a variable for a list of one": Case("query ($n: ID!) { echo(must: 1, ids: [$n]) }", variables={"n": 7}),
    "variables that nobody has asked for": Case("{ thing { name } }", variables={"more": 1}),
    "null for what may be left out but not be null": Case(
        "query ($m: Int = 1) { echo(must: $m) other: echo(must: 2) }", variables={"m": None}
    ),
    "an operation by name": Case("query A { thing { name } } query B { __typename }", name="B"),
    "mutations one after the other": Case("mutation { a: add(number: 1) { number } b: add(number: 2) { number } }"),
    "mutations go on after a failure": Case("mutation { a: fail { name } b: add(number: 2) { number } }"),
    "mutations stop where null goes up": Case("mutation { a: add { number } b: mustFail { name } c: add { number } }"),
    "a variable that is missing": Case("query ($m: Int!) { echo(must: $m) }", left=True),
    "a variable of the wrong type": Case("query ($m: Int!) { echo(must: $m) }", variables={"m": "x"}, left=True),
    "an input object with a field too many": Case(
        "query ($p: Point) { echo(must: 1, point: $p) }", variables={"p": {"x": 1, "z": 1}}, left=True
    ),
    "an input that holds itself": Case(
        "query ($t: Tree) { tree(tree: $t) }", variables={"t": {"leaves": [{"name": "a"}]}}, left=True
    ),
    "an interface": Case("{ named { name } }", left=True),
    "a union": Case("{ any { ... on Thing { name } } }", left=True),
    "introspection": Case("{ __schema { queryType { name } } thing { name } }", left=True),
    "a type by name": Case('{ __type(name: "Thing") { name } }', left=True),
}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return schema_of_cases()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_a_plan_answers_as_graphql_core_does(schema: GraphQLSchema, case: Case) -> None:
    document = parse(case.document)
    expected, found = Context(case.thing()), Context(case.thing())
    answer = await reference(schema, document, case.variables, expected, case.name)
    await settled()
    planned = await compiled(schema, document, case.variables, found, case.name)
    await settled()
    if case.left:
        assert (planned, found.log) == (None, [])
    else:
        assert orjson.loads(planned or b"null") == orjson.loads(answer)
        assert planned == answer
        assert found.log == expected.log


async def test_a_subscription_is_left_to_graphql_core(schema: GraphQLSchema) -> None:
    assert await compiled(schema, parse("subscription { changed }"), {}, Context()) is None
