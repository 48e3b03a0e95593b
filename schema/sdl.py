"""The schema as SDL, for tools and for AppSync: every AWS scalar and directive is declared, used or not."""

from collections.abc import Callable
from pathlib import Path

import strawberry
from graphql import DefinitionNode, parse, print_ast
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig

from schema.directives import DIRECTIVES
from schema.scalars import SCALAR_TYPES, SCALARS

SDL_PATH = Path(__file__).parents[1] / "schema.graphql"

_KINDS = (
    "schema_definition",
    "directive_definition",
    "scalar_type_definition",
    "enum_type_definition",
    "interface_type_definition",
    "union_type_definition",
    "object_type_definition",
    "input_object_type_definition",
)
_ROOTS = ("Query", "Mutation", "Subscription")


def print_sdl(schema: Schema) -> str:
    """Ends with a newline; the same text for the same schema: kind by kind, root types first, then by name."""
    definitions = {_name(each): each for text in (_declarations(), schema.as_str()) for each in parse(text).definitions}
    return "\n\n".join(print_ast(each) for each in sorted(definitions.values(), key=_place)) + "\n"


def main(build_schema: Callable[[], Schema], path: Path = SDL_PATH) -> None:
    """What `make schema` runs."""
    path.write_text(print_sdl(build_schema()), encoding="utf-8")


def _declarations() -> str:
    """All that AppSync knows by itself and an editor doesn't."""

    @strawberry.type
    class Query:
        nothing: bool

    config = StrawberryConfig(scalar_map=SCALARS)
    schema = Schema(query=Query, types=[*DIRECTIVES, *SCALAR_TYPES], config=config)
    declared = (each for each in parse(schema.as_str()).definitions if _name(each) != "Query")
    return "\n\n".join(map(print_ast, declared))


def _name(definition: DefinitionNode) -> str:
    """A directive's name has its @, so that a type may have the same one."""
    name = getattr(definition, "name", None)
    at = "@" if definition.kind == "directive_definition" else ""
    return f"{at}{name.value}" if name else "schema"


def _place(definition: DefinitionNode) -> tuple[int, int, str]:
    name = _name(definition)
    return _KINDS.index(definition.kind), _ROOTS.index(name) if name in _ROOTS else len(_ROOTS), name
