"""/graphql: statuses, media types and bodies, as AppSync's clients and GraphQL over HTTP expect them."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from starlette.responses import HTMLResponse

GRAPHQL_RESPONSE = {"accept": "application/graphql-response+json"}

Make = Callable[..., httpx2.AsyncClient]


async def ask(client: httpx2.AsyncClient, query: Any, *, headers: Any = None, **rest: Any) -> httpx2.Response:
    return await client.post("/graphql", json={"query": query, **rest}, headers=headers)


def error_of(response: httpx2.Response) -> dict[str, Any]:
    errors: list[dict[str, Any]] = response.json()["errors"]
    return errors[0]


async def test_a_query_by_post_is_answered(client: httpx2.AsyncClient) -> None:
    response = await ask(client, "query Q($n: String) { hello(name: $n) }", variables={"n": "Ada"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.json() == {"data": {"hello": "Hello, Ada!"}}


async def test_a_query_by_get_is_answered(client: httpx2.AsyncClient) -> None:
    query = "query Q($n: Int!) { count(of: $n) }"
    response = await client.get("/graphql", params={"query": query, "variables": '{"n": 3}', "operationName": "Q"})
    assert response.json() == {"data": {"count": 3}}


async def test_the_same_json_as_application_graphql_is_answered(client: httpx2.AsyncClient) -> None:
    headers = {"content-type": "application/graphql"}
    response = await client.post("/graphql", content=b'{"query":"{hello}"}', headers=headers)
    assert response.json() == {"data": {"hello": "Hello, world!"}}


@pytest.mark.parametrize("kind", ['mutation { put(key: "a") { key } }', "subscription { changed }"])
async def test_only_queries_go_by_get(client: httpx2.AsyncClient, kind: str) -> None:
    response = await client.get("/graphql", params={"query": kind})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("method", ["PUT", "HEAD", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_refused(client: httpx2.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { count(of: $n) }", "BAD_USER_INPUT"),
        ('{ count(of: "x") }', "BAD_USER_INPUT"),
        ("subscription { changed }", "OPERATION_NOT_SUPPORTED"),
    ],
)
async def test_what_can_not_run_is_200_as_json_and_400_as_a_graphql_response(
    client: httpx2.AsyncClient, query: str, code: str
) -> None:
    as_json = await ask(client, query)
    assert as_json.status_code == 200
    assert as_json.json()["data"] is None
    assert error_of(as_json)["extensions"]["code"] == code
    as_response = await ask(client, query, headers=GRAPHQL_RESPONSE)
    assert as_response.status_code == 400
    assert as_response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert as_response.json().keys() == {"errors"}
    assert error_of(as_response)["extensions"]["code"] == code


async def test_what_ran_is_200_in_either_media_type(client: httpx2.AsyncClient) -> None:
    for headers in ({}, GRAPHQL_RESPONSE):
        response = await ask(client, "{ hello boom }", headers=headers)
        assert response.status_code == 200
        assert response.json()["data"] == {"hello": "Hello, world!", "boom": None}


@pytest.mark.parametrize(
    ("name", "message"),
    [(None, "Missing operation name."), ("C", "The document has no such operation.")],
)
async def test_an_operation_that_is_not_named_is_400(
    client: httpx2.AsyncClient, name: str | None, message: str
) -> None:
    response = await ask(client, "query A { hello } query B { hello }", operationName=name)
    assert response.status_code == 400
    assert error_of(response)["errorType"] == "BadRequestException"
    assert error_of(response)["message"] == message


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "bad"}, {"x-api-key": "expired"}, {"authorization": "Bearer x"}])
async def test_without_valid_credentials_it_is_401_as_appsync_has_it(make_client: Make, headers: Any) -> None:
    response = await ask(make_client(headers=headers), "{ hello }")
    assert response.status_code == 401
    assert response.headers["x-amzn-errortype"] == "UnauthorizedException"
    assert error_of(response)["errorType"] == "UnauthorizedException"
    assert error_of(response)["extensions"]["code"] == "UNAUTHENTICATED"
    assert response.json()["message"] == error_of(response)["message"]


@pytest.mark.parametrize(
    "query",
    [
        'mutation { put(key: "a") { key } }',
        'mutation { signUp(input: {email: "e", password: "p"}) put(key: "a") { key } }',
        'mutation { ...F } fragment F on Mutation { put(key: "a") { key } }',
        "query { ... on Query { ... { hello } } }",
        "{ nope }",
        "{",
    ],
)
async def test_a_stranger_may_not_ask_for_what_is_not_open(stranger: httpx2.AsyncClient, query: str) -> None:
    assert (await ask(stranger, query)).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        'mutation { signUp(input: {email: "e", password: "p"}) }',
        "{ __typename }",
        "{ __schema { queryType { name } } }",
        '{ __type(name: "Item") { name } ... on Query { __typename } }',
    ],
)
async def test_a_stranger_may_ask_for_what_is_open(stranger: httpx2.AsyncClient, query: str) -> None:
    response = await ask(stranger, query)
    assert response.status_code == 200
    assert "errors" not in response.json()


async def test_a_stranger_learns_what_is_wrong_with_an_open_operation(stranger: httpx2.AsyncClient) -> None:
    response = await ask(stranger, 'mutation { signUp(input: {email: "e"}) }')
    assert response.status_code == 200
    assert "password" in error_of(response)["message"]


async def test_introspection_needs_credentials_where_it_is_off(make_client: Make) -> None:
    stranger = make_client(headers={}, execution={"introspection": False})
    assert (await ask(stranger, "{ __schema { queryType { name } } }")).status_code == 401


async def test_an_unreachable_table_is_503_with_retry_after(make_client: Make) -> None:
    response = await ask(make_client(headers={"x-api-key": "down"}), "{ hello }")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert error_of(response)["extensions"] == {"code": "UNAVAILABLE", "retryable": True}
    assert response.json()["message"] == "The table does not answer; try again."


async def test_a_failure_outside_of_resolvers_is_a_masked_500(make_client: Make) -> None:
    response = await ask(make_client(headers={"x-api-key": "broken"}), "{ hello }")
    assert response.status_code == 500
    assert response.headers["x-amzn-errortype"] == "InternalFailure"
    assert "secret" not in response.text
    assert response.headers["x-amzn-requestid"] in response.json()["message"]


async def test_a_failure_of_a_resolver_is_masked(client: httpx2.AsyncClient) -> None:
    response = await ask(client, "{ boom }")
    assert "secret" not in response.text
    assert "RuntimeError" not in response.text
    assert response.headers["x-amzn-requestid"] in error_of(response)["message"]


async def test_resolvers_see_who_asks(client: httpx2.AsyncClient) -> None:
    assert (await ask(client, "{ who }")).json() == {"data": {"who": "user-1"}}


async def test_unacceptable_media_types_are_406(client: httpx2.AsyncClient) -> None:
    response = await ask(client, "{ hello }", headers={"accept": "text/csv"})
    assert response.status_code == 406


async def test_an_unknown_address_is_404_in_the_same_shape(client: httpx2.AsyncClient) -> None:
    response = await client.get("/nothing")
    assert response.status_code == 404
    assert response.headers["x-amzn-errortype"] == "NotFoundException"
    assert response.json()["message"] == error_of(response)["message"]


async def test_a_browser_gets_the_explorer_where_there_is_one(make_client: Make) -> None:
    client = make_client(headers={}, ide=lambda request: HTMLResponse("<title>x</title>"))
    page = await client.get("/graphql", headers={"accept": "text/html,*/*;q=0.8"})
    assert page.text == "<title>x</title>"
    assert (await client.get("/graphql", headers={"accept": "*/*"})).status_code == 400
