"""Names that the server answers to (O10)."""

from collections.abc import Callable

import httpx2
import pytest

from tests.transport.conftest import Live

Make = Callable[..., httpx2.AsyncClient]
QUERY = {"query": "{ hello }"}


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8000"])
async def test_our_own_names_are_answered_at_any_port(client: httpx2.AsyncClient, host: str) -> None:
    assert (await client.post("/graphql", json=QUERY, headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "", "localhost@evil.example", "[::2]"]
)
async def test_other_names_are_refused_with_a_reason(client: httpx2.AsyncClient, host: str) -> None:
    response = await client.post("/graphql", json=QUERY, headers={"host": host})
    assert response.status_code == 421
    assert "KV_ALLOWED_HOSTS" in response.json()["message"]


@pytest.mark.parametrize("path", ["/", "/graphiql/app.js", "/metrics", "/nothing"])
async def test_no_path_but_health_answers_to_other_names(client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.get(path, headers={"host": "evil.example"})).status_code == 421


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_load_balancers_may_ask_for_health_by_address(client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.get(path, headers={"host": "10.0.0.7:8000"})).status_code == 200


async def test_a_star_allows_every_name(make_client: Make) -> None:
    client = make_client(allowed_hosts=("*",))
    assert (await client.post("/graphql", json=QUERY, headers={"host": "evil.example"})).status_code == 200


async def test_configured_names_are_answered(make_client: Make) -> None:
    client = make_client(allowed_hosts=("api.example",))
    assert (await client.post("/graphql", json=QUERY, headers={"host": "api.example:443"})).status_code == 200
    assert (await client.post("/graphql", json=QUERY)).status_code == 421


def test_two_hosts_or_none_are_refused(live: Live) -> None:
    two = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"
    assert live.exchange(two)[0] in (400, 421)
    assert live.exchange(b"GET /metrics HTTP/1.0\r\n\r\n")[0] == 421
