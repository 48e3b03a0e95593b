"""When operations are planned, and that nothing grows without bound."""

from itertools import product
from typing import Any

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, parse

from schema.compiled.operation import CompiledOperation
from schema.execution import Execution
from schema.preparation import Mode
from tests.schema.compiled.schema_of_cases import Context, schema_of_cases


def operation(schema: GraphQLSchema, text: str) -> CompiledOperation:
    document = parse(text)
    node = document.definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    return CompiledOperation(schema, document, node, hide_suggestions=False)


async def test_past_so_many_plans_requests_are_left_to_graphql_core() -> None:
    names = [f"c{number}" for number in range(5)]
    fields = " ".join(f"a{name}: __typename @include(if: ${name})" for name in names)
    text = f"query ({', '.join(f'${name}: Boolean!' for name in names)}) {{ {fields} }}"
    compiled = operation(schema_of_cases(), text)
    answers = [
        await compiled.execute(dict(zip(names, values, strict=True)), Context())
        for values in product((True, False), repeat=5)
    ]
    assert sum(answer is not None for answer in answers) == 8
    assert await compiled.execute(dict.fromkeys(names, True), Context()) is not None


async def test_documents_that_are_remembered_are_planned() -> None:
    execution = Execution(schema_of_cases())
    long = f"{{ __typename {'#' * 10_000}\n }}"
    for text, planned in (("{ __typename }", True), ("{ __typename }", True), (long, False), ("{ nope }", False)):
        prepared = execution.prepare(text, operation_name=None, variables={})
        assert (prepared.compiled is not None) == planned
        outcome = await execution.run(prepared, context=Context(), request_id="r")
        assert ("errors" in outcome.body) == (text == "{ nope }")


@pytest.mark.parametrize(
    ("mode", "planned"), [("adaptive", [False, True, True]), ("compiled", [True] * 3), ("reference", [False] * 3)]
)
def test_the_mode_says_from_which_request_on(mode: Mode, planned: list[bool]) -> None:
    execution = Execution(schema_of_cases(), mode=mode)
    prepared = [execution.prepare("{ __typename }", operation_name=None, variables={}) for _ in range(3)]
    assert [each.compiled is not None for each in prepared] == planned


async def test_a_resolver_may_change_its_arguments_for_itself_alone() -> None:
    schema = schema_of_cases()
    seen: list[Any] = []

    async def resolve(_source: Any, info: Any, **arguments: Any) -> str:
        seen.append(repr(arguments))
        arguments["list"].append("changed")
        return ""

    schema.type_map["Query"].fields["defaults"].resolve = resolve  # type: ignore[attr-defined]
    compiled = operation(schema, "query ($l: [Int!] = [7]) { defaults(list: $l) a: defaults(list: [8]) }")
    for _ in range(2):
        assert await compiled.execute({}, Context()) is not None
    assert len(seen) == 4
    assert seen[:2] == seen[2:]
