"""The shape of errors on the wire: AppSync's fields, a code for others, and nothing that was not meant to go out."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from datastore.errors import CorruptItem, InvalidCursor, OutcomeUnknown, ResolverError, Unauthenticated
from schema.error_presentation import code_of, spell_out
from schema.execution import Execution
from tests.transport.sample_api import Context, sample_schema


async def errors_of(query: str, **variables: Any) -> list[dict[str, Any]]:
    execution = Execution(sample_schema())
    prepared = execution.prepare(query, operation_name=None, variables=variables)
    outcome = await execution.run(prepared, context=Context(), request_id="r-1")
    errors: list[dict[str, Any]] = outcome.body["errors"]
    return errors


async def error_of(query: str, **variables: Any) -> dict[str, Any]:
    [error] = await errors_of(query, **variables)
    return error


async def test_a_refusal_goes_out_with_all_that_it_says() -> None:
    assert await error_of('{ refuse(how: "bad") { key } }') == {
        "path": ["refuse"],
        "data": {"key": "k"},
        "errorType": "BadRequest",
        "errorInfo": {"allowed": ["a"]},
        "locations": [{"line": 1, "column": 3, "sourceName": None}],
        "message": "No.",
        "extensions": {"code": "BAD_USER_INPUT"},
    }


@pytest.mark.parametrize(
    ("how", "error_type", "code"),
    [
        ("condition", "DynamoDB:ConditionalCheckFailedException", "CONDITION_FAILED"),
        ("cancelled", "DynamoDB:TransactionCanceledException", "TRANSACTION_CANCELLED"),
        ("unauthorized", "Unauthorized", "UNAUTHORIZED"),
        ("own", "Lambda:OutOfPaper", "OUT_OF_PAPER"),
    ],
)
async def test_each_refusal_has_its_type_and_its_code(how: str, error_type: str, code: str) -> None:
    error = await error_of("query ($how: String!) { refuse(how: $how) { key } }", how=how)
    assert error["errorType"] == error_type
    assert error["extensions"] == {"code": code}


async def test_what_may_succeed_later_says_so() -> None:
    error = await error_of('{ refuse(how: "unavailable") { key } }')
    assert error["extensions"] == {"code": "UNAVAILABLE", "retryable": True}


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (InvalidCursor("x"), "INVALID_CURSOR"),
        (Unauthenticated("x"), "UNAUTHENTICATED"),
        (OutcomeUnknown("x"), "OUTCOME_UNKNOWN"),
        (CorruptItem("x"), "CORRUPT_ITEM"),
        (ResolverError("x", "DynamoDB:ValidationException"), "VALIDATION"),
        (ResolverError("x", "BadRequestException"), "BAD_REQUEST"),
    ],
)
def test_codes_are_names_spelled_out(refusal: Any, code: str) -> None:
    assert code_of(refusal) == code


def test_an_odd_type_still_gives_a_code() -> None:
    assert spell_out("what? (ever)") == "WHAT_EVER"


@pytest.mark.parametrize(
    ("selection", "data"),
    [
        ("key", {"key": "k"}),
        ("name: key value", {"name": "k", "value": "now"}),
        ("parent { value }", {"parent": {"value": "v"}}),
        ("...F parent { key }", {"parent": {"value": "v", "key": "p"}}),
        ("... on Item { key }", {"key": "k"}),
        ("items { key }", {}),
    ],
)
async def test_data_is_filtered_by_the_selection_set(selection: str, data: Any) -> None:
    fragment = "fragment F on Item { parent { value } }" if "...F" in selection else ""
    error = await error_of(f'{{ refuse(how: "condition") {{ {selection} }} }} {fragment}')
    assert error["data"] == data


async def test_a_list_of_data_is_filtered_element_by_element_and_info_is_not_filtered() -> None:
    error = await error_of('{ refuse(how: "own") { value } }')
    assert error["data"] == [{"value": "now"}]
    assert error["errorInfo"] == {"a": 1}


@pytest.mark.parametrize(
    ("query", "code", "error_type"),
    [
        ("{ hello", "GRAPHQL_PARSE_FAILED", "GraphQLParseFailed"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED", "GraphQLValidationFailed"),
        ("{ count }", "GRAPHQL_VALIDATION_FAILED", "GraphQLValidationFailed"),
        ("{ count(of: 1.5) }", "BAD_USER_INPUT", "BadRequest"),
        ("query ($n: Int!) { count(of: $n) }", "BAD_USER_INPUT", "BadRequest"),
        ("query ($n: Int = 1) { count(of: $n) }", "BAD_USER_INPUT", "BadRequest"),
    ],
)
async def test_what_graphql_itself_refuses_is_told_apart(query: str, code: str, error_type: str) -> None:
    error = await error_of(query, **({"n": None} if "$n" in query else {}))
    assert (error["extensions"]["code"], error["errorType"]) == (code, error_type)


@pytest.mark.parametrize("query", ["{ boom }", "{ number }", "{ nothing }", 'mutation { login(password: "secret") }'])
async def test_anything_else_is_masked_and_logged_once(query: str) -> None:
    with capture_logs() as logs:
        error = await error_of(query)
    assert error["message"] == "Internal error. Request id: r-1"
    assert error["errorType"] == "InternalFailure"
    assert error["extensions"] == {"code": "INTERNAL"}
    assert error["data"] is None
    [line] = logs
    assert (line["event"], line["request_id"]) == ("internal_error", "r-1")
    assert isinstance(line["exc_info"], Exception)


async def test_refusals_are_not_logged_as_failures() -> None:
    with capture_logs() as logs:
        await error_of('{ refuse(how: "bad") { key } }')
    assert logs == []
