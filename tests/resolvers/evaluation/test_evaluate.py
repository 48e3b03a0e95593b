"""Resolvers evaluated offline: what is printed of requests, responses, failures and steps."""

from typing import Any

import pytest

from datastore.operations import PutItem
from resolvers.evaluation.compiling import compile_request
from resolvers.evaluation.evaluate import evaluate
from resolvers.evaluation.naming import BadContext
from resolvers.evaluation.rendering import plain
from tests.resolvers.contexts import EARLIER, STAMP, grant_item, key_item, member_item, namespace_item

ALICE = {"userId": "alice"}
FROZEN = {"identity": ALICE, "now": "2026-01-02T03:04:05Z", "ids": ["w1", "w2"]}
PUT = {"namespace": "shop", "key": "k", "value": "1"}
REFUSED = {"type": "DynamoDB:ConditionalCheckFailedException"}
CANCELLED = {"type": "DynamoDB:TransactionCanceledException"}


def _evaluate(path: str, *, function: Any = "request", step: str | None = None, **given: Any) -> dict[str, Any]:
    evaluated: dict[str, Any] = plain(evaluate(path, FROZEN | given, function=function, step=step))
    return evaluated


def test_a_request_is_the_operation_and_dynamodbs_call() -> None:
    shown = _evaluate("Query.key", arguments={"namespace": "shop", "key": "k"})
    assert shown["evaluationResult"]["operation"] == "GetItem"
    assert shown["evaluationResult"]["key"] == {"PK": "NS#shop", "SK": "KEY#k"}
    assert shown["dynamodb"] == {
        "GetItem": {"TableName": "kv-storage-data", "Key": {"PK": {"S": "NS#shop"}, "SK": {"S": "KEY#k"}}}
    }


@pytest.mark.parametrize(
    ("path", "arguments", "action", "part"),
    [
        ("Mutation.deleteKey", {"input": {"namespace": "shop", "key": "k"}}, "DeleteItem", "Key"),
        ("Mutation.touchKey", {"namespace": "shop", "key": "k"}, "UpdateItem", "UpdateExpression"),
        ("Mutation.createNamespace", {"input": {"id": "shop"}}, "TransactWriteItems", "TransactItems"),
        ("Mutation.batchDeleteKeys", {"namespace": "shop", "keys": ["k"]}, "BatchWriteItem", "RequestItems"),
        ("Query.keysByName", {"namespace": "shop", "keys": ["k", "k"]}, "BatchGetItem", "RequestItems"),
        ("Query.keys", {"namespace": "shop"}, "Query", "KeyConditionExpression"),
    ],
)
def test_every_kind_of_operation_is_compiled(path: str, arguments: Any, action: str, part: str) -> None:
    (call,) = _evaluate(path, arguments=arguments)["dynamodb"].items()
    assert call[0] == action
    assert part in call[1]


def test_a_put_is_compiled_too() -> None:
    """No field's request is a bare one."""
    assert compile_request(PutItem({"PK": "a", "SK": "b"})) == {
        "PutItem": {
            "TableName": "kv-storage-data",
            "Item": {"PK": {"S": "a"}, "SK": {"S": "b"}},
            "ReturnValues": "ALL_OLD",
        }
    }


def test_time_and_ids_are_those_of_the_context() -> None:
    shown = _evaluate("Mutation.batchPutKeys", arguments={"input": [PUT]}, results=[[None]])
    (item,) = shown["evaluationResult"]["puts"]
    assert (item["createdAt"], item["writeId"], item["value"]) == (STAMP, "w1", 1)
    assert list(shown["dynamodb"]["BatchWriteItem"]["RequestItems"]) == ["kv-storage-data"]


def test_when_ids_run_out_it_says_so() -> None:
    with pytest.raises(BadContext, match="more ids than the 0 given"):
        _evaluate("Mutation.putKey", arguments={"input": PUT}, ids=[])


def test_a_response_follows_on_its_request() -> None:
    shown = _evaluate("Mutation.putKey", function="response", arguments={"input": PUT}, result=key_item())
    assert (shown["evaluationResult"]["version"], shown["evaluationResult"]["createdAt"]) == (4, EARLIER)
    assert "dynamodb" not in shown


def test_a_page_shows_its_items_and_a_token_that_evaluation_opens_again() -> None:
    arguments = {"namespace": "shop"}
    page = {"items": [key_item("a")], "nextToken": "any"}
    first = _evaluate("Query.keys", function="response", arguments=arguments, result=page)["evaluationResult"]
    assert [item["key"] for item in first["items"]] == ["a"]
    next_one = _evaluate("Query.keys", arguments=arguments | {"nextToken": first["nextToken"]})
    assert next_one["dynamodb"]["Query"]["ExclusiveStartKey"]["SK"] == {"S": "KEY#a"}


@pytest.mark.parametrize(
    ("item", "error"),
    [(key_item(), "ifVersion is 7, but it is at version 3"), (None, "it is absent")],
)
def test_a_failure_is_told_of_the_item_as_it_stands(item: Any, error: str) -> None:
    given = {"arguments": {"input": PUT | {"ifVersion": 7}}, "error": REFUSED, "result": item}
    shown = _evaluate("Mutation.putKey", function="failure", **given)
    assert error in shown["error"]["message"]
    assert (shown["error"]["data"] is None) is (item is None)


@pytest.mark.parametrize("kind", ["ConditionalCheckFailed", "ConditionCheckFailed"])
def test_a_cancelled_transaction_has_reasons_as_dynamodb_or_appsync_names_them(kind: str) -> None:
    reasons = {"cancellationReasons": [{"type": kind}, {"type": "None"}, {"type": "None"}]}
    given = {"arguments": {"input": {"id": "shop"}}, "error": CANCELLED, "result": reasons}
    shown = _evaluate("Mutation.createNamespace", function="failure", **given)
    assert shown["error"]["type"] == "AlreadyExists"


def test_a_resolver_that_would_run_again_says_so() -> None:
    given = {"arguments": {"input": PUT}, "error": REFUSED, "result": key_item(ttl=1)}
    shown = _evaluate("Mutation.putKey", function="failure", **given)
    assert (shown["again"], shown["stash"]["expected"]) == (True, 0)


def test_the_steps_before_run_with_the_answers_given() -> None:
    given = {"arguments": {"id": "shop"}, "results": [{"items": [member_item()]}, namespace_item()]}
    assert _evaluate("Mutation.deleteNamespace", **given)["evaluationResult"]["operation"] == "TransactWriteItems"
    shown = _evaluate("Mutation.deleteNamespace", arguments={"id": "shop"}, results=[{"items": []}, None])
    assert (shown["evaluationResult"], shown["earlyReturn"]) == (None, "END")


def test_a_step_before_that_skips_itself_needs_no_answer() -> None:
    shown = _evaluate("Mutation.putKey", arguments={"input": PUT}, results=[None])
    assert shown["evaluationResult"]["operation"] == "UpdateItem"


def test_a_step_before_that_skips_to_the_end_ends_the_evaluation() -> None:
    shown = _evaluate("Mutation.revokeApiKey", arguments={"apiKeyId": "no id"}, results=[[None, None]])
    assert (shown["evaluationResult"], shown["earlyReturn"]) == (False, "END")


def test_without_answers_stash_and_prev_say_what_they_left() -> None:
    given = {"arguments": {"input": PUT | {"idempotencyKey": "t"}}, "stash": {"current": [None], "replay": None}}
    shown = _evaluate("Mutation.putKey", **given)
    assert [write["operation"] for write in shown["evaluationResult"]["writes"]] == ["PutItem", "PutItem"]
    hashed = {"arguments": {"input": {"email": "a@b.c", "password": "long enough"}}, "prev": {"result": "$argon2id$"}}
    made = _evaluate("Mutation.signUp", identity=None, **hashed)["evaluationResult"]["writes"][0]["item"]
    assert made["passwordHash"] == "$argon2id$"


@pytest.mark.parametrize("step", ["1", "list_grants"])
def test_a_step_is_chosen_by_number_or_name(step: str) -> None:
    given = {"arguments": {}, "result": {"items": [grant_item()]}}
    shown = _evaluate("Query.namespaces", step=step, **given)
    assert shown["evaluationResult"]["range"]["beginsWith"] == "NS#"
    assert _evaluate("Query.namespaces", step=step, function="response", **given)["stash"]["grants"]["items"]


def test_a_step_that_has_nothing_to_read_says_where_it_skips_to() -> None:
    shown = _evaluate("Mutation.putKey", step="read_if_once", arguments={"input": PUT})
    assert shown["earlyReturn"] == "NEXT"


def test_passwords_are_not_shown() -> None:
    given = {"arguments": {"input": {"email": "a@b.c", "password": "correct horse"}}, "identity": None}
    shown = _evaluate("Mutation.signUp", step="hash_password", **given)
    assert shown["evaluationResult"] == {"operation": "HashPassword"}
    assert "correct horse" not in str(shown)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"identity": None}, "UnauthorizedException"),
        ({"identity": {"userId": "alice", "scopes": ["write"]}}, "Unauthorized"),
        ({"grants": {}}, "NotFound"),
        ({"grants": {"other": "OWNER"}}, "NotFound"),
    ],
)
def test_the_fields_rule_is_applied_to_the_caller_of_the_context(given: Any, error: str) -> None:
    shown = _evaluate("Query.key", arguments={"namespace": "shop", "key": "k"}, **given)
    assert (shown["evaluationResult"], shown["error"]["type"]) == (None, error)


@pytest.mark.parametrize(("role", "refused"), [("VIEWER", True), ("EDITOR", False)])
def test_roles_are_those_of_the_context(role: str, refused: bool) -> None:
    shown = _evaluate("Mutation.putKey", arguments={"input": PUT}, grants={"shop": role})
    assert ("error" in shown) is refused


def test_what_a_lenient_rule_hides_is_null() -> None:
    shown = _evaluate("Query.namespace", arguments={"id": "shop"}, grants={})
    assert shown == {"evaluationResult": None, "stash": {}, "outErrors": []}


@pytest.mark.parametrize(("role", "refused"), [("admin", False), ("member", True)])
def test_an_administrator_is_who_the_context_says(role: str, refused: bool) -> None:
    shown = _evaluate("Query.userByApiKey", arguments={"apiKey": "x"}, identity=ALICE | {"role": role})
    assert ("error" in shown) is refused


@pytest.mark.parametrize(
    ("path", "source", "partition"),
    [
        ("User.apiKeys", {"userId": "alice"}, "USER#alice"),
        ("User.apiKeys", {"userId": "alice", "email": "a@b.c", "plan": "pro", "createdAt": EARLIER}, "USER#alice"),
        ("Namespace.keys", {"id": "shop"}, "NS#shop"),
        ("Namespace.members", {"id": "shop", "role": "VIEWER", "description": "Ours"}, "NS#shop"),
    ],
)
def test_a_source_stands_as_the_api_shows_it(path: str, source: Any, partition: str) -> None:
    assert _evaluate(path, source=source)["evaluationResult"]["range"]["partitionKey"] == partition


def test_an_answer_that_does_not_fit_its_entity_is_an_error_of_the_evaluation() -> None:
    given = {"arguments": {"namespace": "shop", "key": "k"}, "result": {"PK": "NS#shop"}}
    assert _evaluate("Query.key", function="response", **given)["error"]["type"] == "CorruptItem"


@pytest.mark.parametrize(
    ("path", "given", "message"),
    [
        ("Query.kye", {}, "no field 'Query.kye'. Near it: Query.key"),
        ("Query.me", {"argumnets": {}}, "no field of a context 'argumnets'. Near it: arguments"),
        ("Query.me", {"identity": {"id": "alice"}}, "no field of identity 'id'. Near it: "),
        ("Query.me", {"identity": {}, "now": "2026"}, "identity needs a userId"),
        ("Query.me", {"identity": []}, "identity must be an object"),
        ("Query.me", {"now": "noon"}, "now must be an ISO 8601 time"),
        ("Query.me", {"now": 5}, "now must be an ISO 8601 time"),
        ("Query.me", {"ids": "w1"}, "ids must be a list"),
        ("Query.me", {"request": {"headers": []}}, "headers must be an object"),
        ("User.apiKeys", {}, 'A field of User needs a source: add "source": {"userId"'),
        ("Namespace.keys", {"source": {"name": "shop"}}, "A field of Namespace needs a source"),
        ("Namespace.keys", {"source": {"id": "shop", "role": "KING"}}, "no role in a namespace 'KING'"),
        ("User.apiKeys", {"source": {"userId": "a", "plan": "huge"}}, "The source is not a User: .*plan"),
        ("Mutation.deleteNamespace", {"arguments": {"id": "s1"}, "results": {}}, "results must be a list"),
    ],
)
def test_what_does_not_fit_is_named(path: str, given: Any, message: str) -> None:
    with pytest.raises(BadContext, match=message):
        _evaluate(path, **given)


@pytest.mark.parametrize(
    ("path", "given", "function", "message"),
    [
        ("Query.key", {"result": []}, "response", "A GetItem answers an item, or null"),
        ("Query.keysByName", {"result": {}}, "response", "A BatchGetItem answers a list"),
        ("Query.key", {}, "failure", "resolvers.query.key has no failure"),
        ("Mutation.touchKey", {}, "failure", 'A failure needs an error: {"type"'),
        ("Mutation.touchKey", {"error": {"type": "Conditional"}}, "failure", "no error type 'Conditional'"),
        ("Mutation.touchKey", {"error": CANCELLED}, "failure", "A cancelled transaction has reasons"),
    ],
)
def test_an_answer_that_does_not_fit_its_operation_is_named(path: str, given: Any, function: str, message: str) -> None:
    arguments = {"namespace": "shop"} | ({"keys": ["k"]} if path == "Query.keysByName" else {"key": "k"})
    with pytest.raises(BadContext, match=message):
        _evaluate(path, function=function, arguments=arguments, **given)


def test_an_unknown_step_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadContext, match="no step '3'"):
        _evaluate("Query.namespaces", step="3")
