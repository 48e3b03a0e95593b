"""What /metrics shows, and that nobody can make it grow."""

from collections.abc import Callable

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from transport.metrics import Metrics

Make = Callable[..., httpx2.AsyncClient]


async def samples(client: httpx2.AsyncClient) -> dict[tuple[str, ...], float]:
    text = (await client.get("/metrics")).text
    return {
        (sample.name, *(label for _, label in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_operations_are_counted_by_type_and_outcome(client: httpx2.AsyncClient) -> None:
    for query in ("{ hello }", "{ hello }", "{ boom }", 'mutation { put(key: "a") { key } }', "{ nope }", "{"):
        await client.post("/graphql", json={"query": query})
    found = await samples(client)
    assert found["kv_graphql_operations_total", "OK", "query"] == 2
    assert found["kv_graphql_operations_total", "INTERNAL", "query"] == 1
    assert found["kv_graphql_operations_total", "GRAPHQL_VALIDATION_FAILED", "query"] == 1
    assert found["kv_graphql_operations_total", "OK", "mutation"] == 1
    assert found["kv_http_requests_total", "2xx"] == 6
    assert found["kv_request_duration_seconds_count", "query"] == 4


async def test_refused_requests_are_counted_by_status_class(make_client: Make) -> None:
    client = make_client(headers={})
    await client.post("/graphql", json={"query": "{ hello }"})
    await client.get("/nothing")
    await client.post("/graphql", json={"query": "{ hello }"}, headers={"x-api-key": "broken"})
    found = await samples(client)
    assert found["kv_http_requests_total", "4xx"] == 2
    assert found["kv_http_requests_total", "5xx"] == 1


async def test_health_is_not_counted(client: httpx2.AsyncClient) -> None:
    await client.get("/healthz")
    assert ("kv_http_requests_total", "2xx") not in await samples(client)


async def test_the_datastore_counts_its_calls(make_client: Make) -> None:
    metrics = Metrics()
    metrics.count_store_call("GetItem", "ok")
    metrics.count_store_call("PutItem", "refused")
    metrics.count_store_call("Sc\nan", "exploded")
    found = await samples(make_client(metrics=metrics))
    assert found["kv_store_calls_total", "GetItem", "ok"] == 1
    assert found["kv_store_calls_total", "PutItem", "refused"] == 1
    assert found["kv_store_calls_total", "Other", "failed"] == 1


async def test_no_caller_can_make_series(client: httpx2.AsyncClient) -> None:
    for number in range(100):
        query = f'query Q{number} {{ a{number}: hello refuse(how: "own") {{ key }} }}'
        headers = {"x-request-id": f"r{number}", "user-agent": f"u{number}"}
        await client.post("/graphql", json={"query": query, "operationName": f"Q{number}"}, headers=headers)
        await client.request("GET", f"/nothing/{number}")
    found = await samples(client)
    assert found["kv_graphql_operations_total", "OTHER", "query"] == 100
    assert len(found) < 200


@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer wrong"}, {"authorization": "secret-é"}])
async def test_with_a_token_metrics_are_for_those_who_have_it(make_client: Make, header: dict[str, str]) -> None:
    client = make_client(metrics=Metrics(token="secret"))
    refused = await client.get("/metrics", headers={name: text.encode() for name, text in header.items()})
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert (await client.get("/metrics", headers={"authorization": "Bearer secret"})).status_code == 200


async def test_without_a_token_metrics_are_not_shown_beyond_this_machine(make_client: Make) -> None:
    assert (await make_client(metrics=Metrics(public=False)).get("/metrics")).status_code == 404
    assert (await make_client(metrics=Metrics(public=False, token="secret")).get("/metrics")).status_code == 401
