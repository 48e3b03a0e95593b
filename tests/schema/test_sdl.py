"""The printed schema declares all that an editor or AppSync has to know."""

from pathlib import Path

import pytest
import strawberry
from graphql import build_schema
from strawberry.schema.config import StrawberryConfig

from schema.directives import DIRECTIVES, AwsApiKey, AwsIam, AwsLambda, AwsOidc, AwsSubscribe
from schema.scalars import AWSJSON, SCALAR_TYPES, SCALARS, AWSDateTime
from schema.sdl import SDL_PATH, main, print_sdl
from tests.schema.contract import missing_from, parts_of

CONTRACT = Path(__file__).with_name("contract.graphql").read_text(encoding="utf-8")


@strawberry.input(description="What to put.")
class PutInput:
    value: AWSJSON = strawberry.field(description="Any JSON.")


@strawberry.type(description="What can be read.", directives=[AwsApiKey(), AwsOidc(), AwsLambda(), AwsIam()])
class Query:
    @strawberry.field(description="The time.", directives=[AwsApiKey()])
    def now(self) -> AWSDateTime:
        return AWSDateTime("1970-01-01T00:00:00Z")


@strawberry.type(description="What can be written.")
class Mutation:
    @strawberry.mutation(description="Puts a value.", directives=[AwsSubscribe(mutations=["a", "b"])])
    def put(self, put: PutInput) -> AWSJSON | None:
        return put.value


@pytest.fixture(params=["declared in the schema", "not declared"])
def schema(request: pytest.FixtureRequest) -> strawberry.Schema:
    types = [*DIRECTIVES, *SCALAR_TYPES] if request.param == "declared in the schema" else []
    config = StrawberryConfig(scalar_map=SCALARS)
    return strawberry.Schema(query=Query, mutation=Mutation, types=types, config=config)


def test_the_text_is_a_valid_schema(schema: strawberry.Schema) -> None:
    assert set(build_schema(print_sdl(schema)).type_map) >= {"Query", "Mutation", "PutInput"}


def test_every_scalar_and_directive_is_declared_and_described(schema: strawberry.Schema) -> None:
    printed = build_schema(print_sdl(schema))
    for definition in SCALARS.values():
        assert printed.type_map[definition.name].description
    for name in ("aws_api_key", "aws_oidc", "aws_lambda", "aws_iam", "aws_subscribe"):
        directive = printed.get_directive(name)
        assert directive
        assert directive.description


def test_the_declarations_are_those_of_the_contract(schema: strawberry.Schema) -> None:
    declared = [part for part in parts_of(CONTRACT) if part.startswith(("@", "AWS"))]
    assert len(declared) == 9
    assert missing_from(CONTRACT, print_sdl(schema), declared) == []


def test_directives_stand_where_they_are_applied(schema: strawberry.Schema) -> None:
    printed = print_sdl(schema)
    assert "type Query @aws_api_key @aws_oidc @aws_lambda @aws_iam {" in printed
    assert "now: AWSDateTime! @aws_api_key" in printed
    assert 'put(put: PutInput!): AWSJSON @aws_subscribe(mutations: ["a", "b"])' in printed


def test_the_order_does_not_depend_on_use(schema: strawberry.Schema) -> None:
    lines = [
        line for line in print_sdl(schema).splitlines() if line.startswith(("directive", "scalar", "type", "input"))
    ]
    names = [line.split()[1].partition("(")[0] for line in lines]
    assert names == [
        *("@aws_api_key", "@aws_iam", "@aws_lambda", "@aws_oidc", "@aws_subscribe"),
        *("AWSDate", "AWSDateTime", "AWSEmail", "AWSIPAddress", "AWSJSON"),
        *("AWSPhone", "AWSTime", "AWSTimestamp", "AWSURL"),
        *("Query", "Mutation", "PutInput"),
    ]


def test_descriptions_of_fields_and_arguments_are_printed(schema: strawberry.Schema) -> None:
    printed = print_sdl(schema)
    assert '"""Any JSON."""' in printed
    assert '"""The time."""' in printed


def test_the_command_writes_the_file(schema: strawberry.Schema, tmp_path: Path) -> None:
    path = tmp_path / "schema.graphql"
    main(lambda: schema, path)
    assert path.read_text(encoding="utf-8") == print_sdl(schema)
    assert print_sdl(schema).endswith("}\n")


def test_the_file_stands_at_the_root_of_the_project() -> None:
    assert SDL_PATH.name == "schema.graphql"
    assert (SDL_PATH.parent / "pyproject.toml").exists()
