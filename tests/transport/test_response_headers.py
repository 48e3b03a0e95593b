"""Headers of every answer: request id, security, CORS."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from transport.response_headers import SECURITY_HEADERS

Make = Callable[..., httpx2.AsyncClient]
PATHS = ["/graphql", "/healthz", "/readyz", "/metrics", "/nothing"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_every_answer_has_an_id_and_the_security_headers(
    client: httpx2.AsyncClient, path: str, method: str
) -> None:
    response = await client.request(method, path)
    assert response.headers["x-amzn-requestid"]
    for name, value in SECURITY_HEADERS.items():
        assert response.headers[name] == value


async def test_answers_that_no_route_makes_have_them_too(make_client: Make) -> None:
    for headers in ({"host": "evil.example"}, {"x-api-key": "broken"}, {"x": "y" * 20_000}):
        response = await make_client(headers=headers).post("/graphql", json={"query": "{ hello }"})
        assert response.status_code >= 400
        assert response.headers["x-amzn-requestid"]
        assert response.headers["cache-control"] == "no-store"


async def test_a_resolver_s_headers_go_out_with_the_answer(make_client: Make) -> None:
    response = await make_client().post("/graphql", json={"query": "{ whence }"})
    assert response.headers.get_list("x-whence") == ["1", "2"]


async def test_a_resolver_sees_the_address_that_our_own_proxies_tell(make_client: Make) -> None:
    headers = {"x-api-key": "good", "x-forwarded-for": "203.0.113.7"}
    for proxies, address in ((0, "127.0.0.1"), (1, "203.0.113.7")):
        response = await make_client(headers=headers, proxies=proxies).post("/graphql", json={"query": "{ whence }"})
        assert response.json()["data"]["whence"] == address


async def test_an_answer_keeps_the_headers_it_sets_itself(make_client: Make) -> None:
    page = PlainTextResponse("x", headers={"cache-control": "max-age=1", "content-security-policy": "own"})
    client = make_client(extra_routes=[Route("/page", lambda request: page)])
    response = await client.get("/page")
    assert response.headers["cache-control"] == "max-age=1"
    assert response.headers.get_list("content-security-policy") == ["own"]


@pytest.mark.parametrize("given", ["abc-1", "a" * 64])
async def test_a_harmless_request_id_is_taken_over(client: httpx2.AsyncClient, given: str) -> None:
    response = await client.get("/healthz", headers={"x-request-id": given})
    assert response.headers["x-amzn-requestid"] == given


@pytest.mark.parametrize("given", ["", "a" * 65, "a b", 'x"}', "a_b"])
async def test_any_other_request_id_is_not(client: httpx2.AsyncClient, given: str) -> None:
    response = await client.get("/healthz", headers={"x-request-id": given})
    assert response.headers["x-amzn-requestid"] != given
    assert len(response.headers["x-amzn-requestid"]) == 36


async def preflight(client: httpx2.AsyncClient, origin: str, headers: str) -> httpx2.Response:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": headers}
    return await client.options("/graphql", headers={"origin": origin, **asked})


AMPLIFY = "content-type,x-api-key,authorization,x-amz-user-agent,x-amz-date,x-amz-security-token"


@pytest.mark.parametrize("origins", [("https://app.example",), ("*",)])
async def test_an_allowed_origin_may_send_what_amplify_sends(make_client: Make, origins: Any) -> None:
    client = make_client(cors_origins=origins, headers={})
    response = await preflight(client, "https://app.example", AMPLIFY)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] in ("https://app.example", "*")
    allowed = response.headers["access-control-allow-headers"].lower()
    assert all(name in allowed for name in AMPLIFY.split(","))


async def test_an_allowed_origin_may_read_errors_and_the_request_id(make_client: Make) -> None:
    client = make_client(cors_origins=("https://app.example",), headers={})
    headers = {"origin": "https://app.example"}
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers=headers)
    assert response.status_code == 401
    assert response.headers["access-control-allow-origin"] == "https://app.example"
    exposed = response.headers["access-control-expose-headers"]
    assert "x-amzn-errortype" in exposed
    assert "x-amzn-requestid" in exposed


async def test_failures_can_be_read_across_origins_too(make_client: Make) -> None:
    client = make_client(cors_origins=("https://app.example",), headers={"x-api-key": "broken"})
    headers = {"origin": "https://app.example"}
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers=headers)
    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == "https://app.example"


@pytest.mark.parametrize("origins", [(), ("https://app.example",)])
async def test_another_origin_gets_no_leave(make_client: Make, origins: Any) -> None:
    client = make_client(cors_origins=origins, headers={})
    assert "access-control-allow-origin" not in (await preflight(client, "https://evil.example", "x-api-key")).headers
