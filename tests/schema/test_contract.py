"""The comparison with the contract notices each way to break it, and nothing else."""

from pathlib import Path

import pytest

from tests.schema.contract import missing_from, parts_of

CONTRACT = Path(__file__).with_name("contract.graphql").read_text(encoding="utf-8")

SMALL = """
directive @open(to: [String!]!) on OBJECT | FIELD_DEFINITION
scalar JSON
enum Colour { RED GREEN }
type Query { thing(id: ID!, colour: Colour): Thing! @open(to: ["all"]) }
type Thing { id: ID! value: JSON }
input ThingInput { id: ID! value: JSON }
"""


def test_the_parts_are_listed_by_coordinate() -> None:
    assert sorted(parts_of(SMALL)) == [
        "@open",
        "Colour",
        "JSON",
        "Query.thing",
        "Thing.id",
        "Thing.value",
        "ThingInput.id",
        "ThingInput.value",
    ]


@pytest.mark.parametrize("sdl", [SMALL, CONTRACT])
def test_a_schema_holds_all_of_itself(sdl: str) -> None:
    assert missing_from(sdl, sdl, parts_of(sdl)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("RED GREEN", "RED GREEN BLUE"),
        ("colour: Colour)", "colour: Colour, size: Int, page: Int! = 1)"),
        ("type Thing {", '"A thing." type Thing { size: Int! '),
        ("input ThingInput {", "input ThingInput { size: Int "),
        ("on OBJECT |", "on OBJECT | SCALAR |"),
        ("scalar JSON", '"Any." scalar JSON type Other { a: Int }'),
    ],
)
def test_a_schema_may_have_more(old: str, new: str) -> None:
    assert missing_from(SMALL, SMALL.replace(old, new), parts_of(SMALL)) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("RED GREEN", "RED", "Colour lacks GREEN"),
        ("enum Colour { RED GREEN }", "scalar Colour", "Colour: Colour is a scalar, not an enum"),
        ("scalar JSON", "input JSON { a: Int }", "JSON: JSON is an input, not a scalar"),
        ("input ThingInput", "type ThingInput", "ThingInput.id: ThingInput is an object type, not an input"),
        (
            "input ThingInput",
            "interface ThingInput",
            "ThingInput.id: ThingInput is an interface or a union, not an input",
        ),
        ("input ThingInput", "input OtherInput", "ThingInput.id: ThingInput is not there, not an input"),
        ("type Thing { id: ID! ", "type Thing { ", "Thing.id is not there"),
        ("type Thing { id: ID! ", "type Thing { id: ID ", "Thing.id is ID, not ID!"),
        ("id: ID!, ", "", "Query.thing(id:) is not there"),
        ("id: ID!, ", "id: ID, ", "Query.thing(id:) is ID, not ID!"),
        ("colour: Colour)", "colour: Colour, size: Int!)", "Query.thing(size:) is required, and not in the contract"),
        ("Thing! @open", "Thing @open", "Query.thing is Thing, not Thing!"),
        (' @open(to: ["all"])', "", 'Query.thing lacks @open(to: ["all"])'),
        ('["all"]', '["some"]', 'Query.thing lacks @open(to: ["all"])'),
        ("on OBJECT |", "on", "@open can't stand on OBJECT"),
        ("to: [String!]!", "to: [String!]", "@open(to:) is [String!], not [String!]!"),
        (
            "input ThingInput {",
            "input ThingInput { size: Int! ",
            "ThingInput.size is required, and not in the contract",
        ),
    ],
)
def test_each_breach_is_named(old: str, new: str, fault: str) -> None:
    assert old in SMALL
    assert fault in missing_from(SMALL, SMALL.replace(old, new, 1), parts_of(SMALL))


def test_a_directive_that_is_gone_is_named() -> None:
    printed = "scalar JSON type Query { a: Int }"
    assert missing_from(SMALL, printed, ["@open"]) == ["@open is not there"]


def test_only_what_is_built_is_compared() -> None:
    printed = "scalar JSON type Query { a: Int }"
    assert missing_from(SMALL, printed, ["JSON"]) == []
    assert missing_from(SMALL, printed, ["JSON", "Colour"]) == ["Colour: Colour is not there, not an enum"]


def test_a_part_that_the_contract_does_not_know_is_named() -> None:
    assert missing_from(SMALL, SMALL, ["Thing.nme"]) == ["Thing.nme is not a part of the contract"]
