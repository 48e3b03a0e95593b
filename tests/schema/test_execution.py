"""How operations run: what is told before, what stops them, and how much of the schema they give away."""

import asyncio
from typing import Any

import pytest

from schema.execution import Execution, Outcome
from schema.preparation import Operation
from tests.transport.sample_api import Context, sample_schema


async def run(
    query: str, *, name: str | None = None, context: Context | None = None, options: Any = None, **variables: Any
) -> Outcome:
    execution = Execution(sample_schema(), **(options or {}))
    prepared = execution.prepare(query, operation_name=name, variables=variables)
    return await execution.run(prepared, context=context or Context(), request_id="r-1")


async def test_an_operation_is_answered() -> None:
    outcome = await run("query ($n: String) { hello(name: $n) }", n="Ada")
    assert outcome == Outcome({"data": {"hello": "Hello, Ada!"}}, began=True)
    assert outcome.codes == ()


def test_an_operation_is_described_before_it_runs() -> None:
    text = 'query A { ...F } mutation B { put(key: "a") { key } } fragment F on Query { hello ... { item { key } } }'
    execution = Execution(sample_schema())
    a = execution.prepare(text, operation_name="A", variables={})
    assert a.operation == Operation("query", "A", frozenset({"Query.hello", "Query.item"}))
    b = execution.prepare(text, operation_name="B", variables={})
    assert b.operation == Operation("mutation", "B", frozenset({"Mutation.put"}))


def test_an_invalid_operation_is_described_too() -> None:
    prepared = Execution(sample_schema()).prepare("{ nope }", operation_name=None, variables={})
    assert prepared.operation == Operation("query", None, frozenset({"Query.nope"}))
    assert prepared.errors


@pytest.mark.parametrize("text", ["query A { hello } query B { hello }", "fragment F on Query { hello }"])
def test_an_operation_that_can_not_be_chosen_is_told(text: str) -> None:
    prepared = Execution(sample_schema()).prepare(text, operation_name=None, variables={})
    assert prepared.names_no_operation


def test_a_document_is_parsed_and_validated_once() -> None:
    execution = Execution(sample_schema())
    first = execution.prepare("{ hello }", operation_name=None, variables={})
    second = execution.prepare("{ hello }", operation_name=None, variables={})
    assert first.document is second.document


def test_an_invalid_document_stays_invalid() -> None:
    execution = Execution(sample_schema())
    for _ in range(2):
        assert execution.prepare("{ nope }", operation_name=None, variables={}).errors


def test_a_remembered_document_is_measured_with_each_set_of_variables() -> None:
    execution = Execution(sample_schema())
    text = "query ($n: Int) { items(limit: $n) { items(limit: $n) { key } } }"
    assert not execution.prepare(text, operation_name=None, variables={"n": 10}).errors
    [error] = execution.prepare(text, operation_name=None, variables={"n": 100}).errors
    assert "fields times page sizes" in error.message


def test_only_so_many_documents_are_remembered() -> None:
    execution = Execution(sample_schema())
    first = execution.prepare("{ hello }", operation_name=None, variables={})
    for number in range(500):
        execution.prepare(f"{{ a{number}: hello }}", operation_name=None, variables={})
    assert execution.prepare("{ hello }", operation_name=None, variables={}).document is not first.document


def test_of_long_documents_fewer_are_remembered_and_those_of_whoever_sends_them_go() -> None:
    """Their trees take 150 bytes a character: somebody could fill the memory with 500 of them."""
    execution = Execution(sample_schema())

    def prepared(text: str, owner: str) -> object:
        return execution.prepare(text, operation_name=None, variables={}, owner=owner).document

    short, long = prepared("{ hello }", "alice"), prepared("{ hello } #" + "x" * 9000, "mallory")
    for number in range(30):
        prepared(f"{{ a{number}: hello }} #" + "x" * 9000, "mallory")
    assert prepared("{ hello } #" + "x" * 9000, "mallory") is not long
    assert prepared("{ hello }", "alice") is short


async def test_a_document_may_have_more_operations_than_are_remembered() -> None:
    execution = Execution(sample_schema())
    text = " ".join(f"query Q{number} {{ a{number}: hello }}" for number in range(50))
    for number in [*range(50), *range(50)]:
        prepared = execution.prepare(text, operation_name=f"Q{number}", variables={})
        outcome = await execution.run(prepared, context=Context(), request_id="r")
        assert list(outcome.body["data"]) == [f"a{number}"]


async def test_at_most_ten_errors_are_reported() -> None:
    fields = " ".join(f"nope{number}" for number in range(20))
    assert len((await run(f"{{ item {{ {fields} }} }}")).body["errors"]) == 10
    definitions = ", ".join(f"$v{number}: Int!" for number in range(20))
    uses = " ".join(f"a{number}: count(of: $v{number})" for number in range(20))
    outcome = await run(f"query ({definitions}) {{ {uses} }}")
    assert len(outcome.body["errors"]) == 10


async def test_past_the_time_limit_everything_is_stopped() -> None:
    contexts = [Context(), Context()]
    outcomes = await asyncio.gather(
        *(run("{ a: slow b: slow hello }", context=each, options={"timeout_seconds": 0.05}) for each in contexts)
    )
    for context, outcome in zip(contexts, outcomes, strict=True):
        assert outcome.began
        assert outcome.body["data"] is None
        [error] = outcome.body["errors"]
        assert (error["errorType"], error["extensions"]["code"]) == ("ExecutionTimeout", "TIMEOUT")
        assert "0.05 seconds" in error["message"]
        assert context.cancelled == 2


async def test_a_caller_that_gives_up_stops_the_work() -> None:
    context = Context()
    task = asyncio.create_task(run("{ slow }", context=context))
    await asyncio.wait_for(context.started.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert context.cancelled == 1


async def test_errors_that_resolvers_append_stand_beside_the_values() -> None:
    outcome = await run("{ warn boom }")
    assert outcome.body["data"] == {"warn": "value", "boom": None}
    assert [(each["path"], each["extensions"]["code"]) for each in outcome.body["errors"]] == [
        (["boom"], "INTERNAL"),
        (["warn"], "BAD_USER_INPUT"),
    ]


async def test_a_subscription_is_not_run() -> None:
    outcome = await run("subscription { changed }")
    assert not outcome.began
    assert outcome.body["errors"][0]["errorType"] == "OperationNotSupported"


@pytest.mark.parametrize("name", ["signUp", "Mutation.signup", "Nothing.signUp"])
def test_a_credential_field_that_is_not_there_stops_the_start(name: str) -> None:
    with pytest.raises(ValueError, match="The schema has no field"):
        Execution(sample_schema(), credential_fields={name})


async def test_credentials_can_not_be_guessed_by_alias() -> None:
    query = 'mutation { a: login(password: "a") b: login(password: "b") }'
    outcome = await run(query, options={"credential_fields": {"Mutation.login"}})
    assert outcome.codes == ("LIMIT_EXCEEDED",)


async def test_too_large_a_document_is_not_validated() -> None:
    outcome = await run("{ " + "nope " * 21 + "}")
    assert outcome.codes == ("LIMIT_EXCEEDED",)
    assert outcome.body["errors"][0]["errorInfo"] == {"limit": "root_fields", "allowed": 20, "found": 21}


WRONG = {
    "field": "{ helo }",
    "argument": '{ hello(nam: "x") }',
    "enum": "{ paint(colour: REDD) }",
    "type": "query ($a: Itm) { hello }",
    "fragment type": "{ ... on Itm { key } }",
    "input field": 'mutation { signUp(input: {email: "a", password: "b", pasword: "c"}) }',
    "directive argument": "{ hello @skip(iff: true, if: true) }",
}


@pytest.mark.parametrize("query", WRONG.values(), ids=WRONG.keys())
async def test_nothing_is_suggested_where_introspection_is_off(query: str) -> None:
    outcome = await run(query, options={"introspection": False})
    assert outcome.body["errors"]
    assert "Did you mean" not in str(outcome.body)


async def test_nothing_is_suggested_for_variables_where_introspection_is_off() -> None:
    for query, value in (
        ("query ($v: Colour!) { paint(colour: $v) }", "REDD"),
        ("mutation ($v: SignUp!) { signUp(input: $v) }", {"email": "a", "password": "b", "pasword": "c"}),
    ):
        outcome = await run(query, options={"introspection": False}, v=value)
        assert outcome.body["errors"]
        assert "Did you mean" not in str(outcome.body)


async def test_suggestions_help_where_introspection_is_on() -> None:
    assert "Did you mean 'hello'?" in str((await run("{ helo }")).body)


@pytest.mark.parametrize("field", ['__type(name: "Item") { name }', "__schema { queryType { name } }"])
async def test_introspection_is_a_validation_error_where_it_is_off(field: str) -> None:
    assert (await run(f"{{ {field} }}")).codes == ()
    outcome = await run(f"{{ {field} }}", options={"introspection": False})
    assert set(outcome.codes) == {"GRAPHQL_VALIDATION_FAILED"}
    assert (await run("{ __typename }", options={"introspection": False})).codes == ()
