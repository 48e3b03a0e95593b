"""What a request's body may be: no bytes make the server fail, and each refusal says why."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

JSON = {"content-type": "application/json"}

MALFORMED = {
    "empty": b"",
    "word": b"meow",
    "not UTF-8": b'{"query":"\xff"}',
    "string": b'"x"',
    "number": b"1",
    "null": b"null",
    "object without query": b"{}",
    "list": b"[]",
    "batch": b'[{"query":"{hello}"}]',
    "batch of numbers": b"[1]",
    "query of null": b'{"query":null}',
    "query of spaces": b'{"query":"  "}',
    "query of a number": b'{"query":1}',
    "variables of a list": b'{"query":"{hello}","variables":[]}',
    "variables of a string": b'{"query":"{hello}","variables":"{}"}',
    "operation name of a number": b'{"query":"{hello}","operationName":1}',
    "extensions of a list": b'{"query":"{hello}","extensions":[]}',
    "5000 digits": b'{"query":"{hello}","variables":{"v":' + b"9" * 5000 + b"}}",
    "100000 nested lists": b'{"query":"{hello}","variables":{"v":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "unclosed lists": b"[" * 100_000,
    "NaN": b'{"query":"{hello}","variables":{"v":NaN}}',
    "Infinity": b'{"query":"{hello}","variables":{"v":-Infinity}}',
    "1e999": b'{"query":"{hello}","variables":{"v":1e999}}',
    "a name twice": b'{"query":"{hello}","variables":{"v":1,"v":2}}',
    "a lone surrogate in the query": b'{"query":"{hello(name:\\"\\ud800\\")}"}',
    "a byte order mark": b'\xef\xbb\xbf{"query":"{hello}"}',
}


async def post(client: httpx2.AsyncClient, body: bytes, headers: Any = JSON) -> httpx2.Response:
    return await client.post("/graphql", content=body, headers=headers)


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_malformed_body_is_400_and_says_why(client: httpx2.AsyncClient, body: bytes) -> None:
    response = await post(client, body)
    assert response.status_code == 400
    assert response.headers["x-amzn-errortype"] == "MalformedHttpRequestException"
    [error] = response.json()["errors"]
    assert error["errorType"] == "MalformedHttpRequestException"
    assert response.json()["message"] == error["message"]
    if body:
        assert error["message"].startswith("Unable to parse GraphQL query. ")
    else:
        assert error["message"] == "Request body is empty."


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", '{"a":1,"a":2}'])
async def test_what_is_not_json_in_variables_is_bad_input(client: httpx2.AsyncClient, value: str) -> None:
    body = f'{{"query":"query($v: Anything){{echo(value:$v)}}","variables":{{"v":{value}}}}}'
    response = await post(client, body.encode())
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_name_twice_in_a_literal_is_bad_input(client: httpx2.AsyncClient) -> None:
    query = 'mutation{signUp(input:{email:"a",email:"b",password:"c"})}'
    response = await client.post("/graphql", json={"query": query})
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_lone_surrogate_in_variables_comes_back_as_something_utf_8_can_hold(
    client: httpx2.AsyncClient,
) -> None:
    body = b'{"query":"query($v: Anything){echo(value:$v)}","variables":{"v":"\\ud800"}}'
    response = await post(client, body)
    assert response.json() == {"data": {"echo": "\\ud800"}}


async def test_numbers_keep_their_exact_value(client: httpx2.AsyncClient) -> None:
    body = b'{"query":"query($v: Anything){echo(value:$v)}","variables":{"v":12345678901234567890123}}'
    assert (await post(client, body)).json() == {"data": {"echo": "12345678901234567890123"}}


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "text/application/json",
        "application/json-patch",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
    ],
)
async def test_other_content_types_are_415(client: httpx2.AsyncClient, content_type: str | None) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = await post(client, b'{"query":"{hello}"}', headers)
    assert response.status_code == 415


@pytest.mark.parametrize("charset", ["", ";charset=UTF-8", '; charset="utf-8"', "; boundary=x"])
async def test_json_in_utf_8_is_taken_however_it_is_written(client: httpx2.AsyncClient, charset: str) -> None:
    response = await post(client, b'{"query":"{hello}"}', {"content-type": f"Application/JSON{charset}"})
    assert response.status_code == 200


async def test_a_compressed_body_is_415(client: httpx2.AsyncClient) -> None:
    response = await post(client, b"x", {**JSON, "content-encoding": "gzip"})
    assert response.status_code == 415


@pytest.mark.parametrize(
    "query_string",
    [
        "query=%ff",
        "query={hello}&variables=[]",
        "query={hello}&variables=NaN",
        "query={hello}&variables={",
        "query={hello}&extensions=1",
        "query=",
        "",
        "a=b&" * 30,
    ],
)
async def test_a_malformed_query_string_is_400(client: httpx2.AsyncClient, query_string: str) -> None:
    assert (await client.get(f"/graphql?{query_string}")).status_code == 400


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["query", "variables", "a", ""]), inner),
    max_leaves=10,
)
_REQUESTS = st.fixed_dictionaries(
    {"query": st.sampled_from(["{hello}", "query($v: Anything){echo(value:$v)}"]) | st.text() | _JSON},
    optional={"variables": st.dictionaries(st.just("v"), _JSON) | _JSON, "operationName": _JSON, "extensions": _JSON},
)


@settings(
    max_examples=150,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.binary() | st.builds(lambda value: json.dumps(value).encode(), _REQUESTS | _JSON))
async def test_no_body_gives_5xx(make_client: Callable[..., httpx2.AsyncClient], body: bytes) -> None:
    response = await post(make_client(), body)
    assert response.status_code < 500
