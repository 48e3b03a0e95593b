"""The schema as it is built: the file that shows it, the contract that it keeps, the words that explain it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, build_schema
from strawberry import Schema

from schema.build import build_schema as build
from schema.sdl import SDL_PATH, print_sdl
from tests.schema.contract import missing_from, parts_of

CONTRACT = Path(__file__).with_name("contract.graphql").read_text(encoding="utf-8")

# Parts of the contract that are still to come, by subject and type; a star is the whole type.
NOT_BUILT: Mapping[str, Mapping[str, str]] = {
    "subscriptions": dict.fromkeys(("Subscription", "KeyChange", "KeyChangeType"), "*"),
}


@pytest.fixture(scope="module")
def schema() -> Schema:
    return build()


@pytest.fixture(scope="module")
def printed(schema: Schema) -> GraphQLSchema:
    return build_schema(print_sdl(schema))


def test_the_committed_file_is_up_to_date(schema: Schema) -> None:
    assert SDL_PATH.read_text(encoding="utf-8") == print_sdl(schema), "run make schema, and commit schema.graphql"


def test_every_part_of_the_contract_that_is_built_is_kept(schema: Schema) -> None:
    built = [part for part in parts_of(CONTRACT) if not _is_to_come(part)]
    assert missing_from(CONTRACT, print_sdl(schema), built) == []


def test_what_is_to_come_is_not_there_yet(schema: Schema) -> None:
    """So that a part which is built is taken off the list, and from then on compared."""
    there = set(parts_of(print_sdl(schema)))
    assert [part for part in parts_of(CONTRACT) if _is_to_come(part) and part in there] == []


def test_every_type_field_and_argument_is_described(printed: GraphQLSchema) -> None:
    assert [place for place, description in _descriptions(printed) if not description] == []


def test_no_description_stops_in_the_middle(printed: GraphQLSchema) -> None:
    """Each is a sentence, or some: GraphiQL shows them as they stand."""
    endings = (".", ":", ")", "`")
    unfinished = [f"{place}: {text}" for place, text in _descriptions(printed) if text and not text.endswith(endings)]
    assert unfinished == []


def _is_to_come(part: str) -> bool:
    kind, _, field = part.partition(".")
    return any({"*", field} & set(absent.get(kind, "").split()) for absent in NOT_BUILT.values())


def _descriptions(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    for name, kind in schema.type_map.items():
        if name.startswith("__") or name in ("Boolean", "Float", "ID", "Int", "String"):
            continue
        yield name, kind.description
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType):
            yield from ((f"{name}.{field}", each.description) for field, each in kind.fields.items())
        if isinstance(kind, GraphQLObjectType):
            for field, each in kind.fields.items():
                yield from ((f"{name}.{field}({it}:)", argument.description) for it, argument in each.args.items())
