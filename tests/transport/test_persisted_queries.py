"""Documents asked for by their hash, as Apollo's clients do, and lists of what may be asked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.transport.sample_api import Someone
from transport.persisted_queries import PersistedQueries, read_allowed, sha256

Make = Callable[..., httpx2.AsyncClient]
HELLO = "{ hello }"
ANSWER = {"data": {"hello": "Hello, world!"}}


def by_hash(text: str, **more: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256(text)}}, **more}


async def post(client: httpx2.AsyncClient, body: Any, **headers: str) -> tuple[int, Any]:
    response = await client.post("/graphql", json=body, headers=headers)
    return response.status_code, response.json()


async def test_a_document_is_sent_once_and_then_asked_for_by_its_hash(client: httpx2.AsyncClient) -> None:
    status, body = await post(client, by_hash(HELLO))
    assert (status, body["errors"][0]["message"]) == (200, "PersistedQueryNotFound")
    assert body["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert await post(client, by_hash(HELLO, query=HELLO)) == (200, ANSWER)
    assert await post(client, by_hash(HELLO)) == (200, ANSWER)
    assert await post(client, by_hash(HELLO, query=None)) == (200, ANSWER)


async def test_a_hash_may_be_asked_for_by_get(client: httpx2.AsyncClient) -> None:
    await post(client, by_hash(HELLO, query=HELLO))
    query = {"extensions": json.dumps(by_hash(HELLO)["extensions"]), "variables": "{}"}
    response = await client.get("/graphql", params=query)
    assert (response.status_code, response.json()) == (200, ANSWER)


async def test_a_mutation_can_not_be_sent_by_get_under_its_hash_either(client: httpx2.AsyncClient) -> None:
    text = 'mutation { put(key: "a") { key } }'
    await post(client, by_hash(text, query=text))
    response = await client.get("/graphql", params={"extensions": json.dumps(by_hash(text)["extensions"])})
    assert response.status_code == 405


async def test_a_hash_that_is_not_the_documents_is_refused_and_not_remembered(client: httpx2.AsyncClient) -> None:
    status, body = await post(client, by_hash("{ who }", query=HELLO))
    assert status == 400
    assert "sha256Hash" in body["errors"][0]["message"]
    assert (await post(client, by_hash("{ who }")))[1]["errors"][0]["message"] == "PersistedQueryNotFound"


async def test_what_one_caller_has_sent_another_can_not_ask_for(make_client: Make) -> None:
    async def authenticate(headers: Any) -> Someone:
        return Someone(headers["x-api-key"])

    client = make_client(authenticate=authenticate, headers={})
    await post(client, by_hash(HELLO, query=HELLO), **{"x-api-key": "alice"})
    assert "data" in (await post(client, by_hash(HELLO), **{"x-api-key": "alice"}))[1]
    assert "errors" in (await post(client, by_hash(HELLO), **{"x-api-key": "mallory"}))[1]


async def test_an_invalid_document_is_not_remembered(client: httpx2.AsyncClient) -> None:
    await post(client, by_hash("{ nope }", query="{ nope }"))
    assert (await post(client, by_hash("{ nope }")))[1]["errors"][0]["message"] == "PersistedQueryNotFound"


async def test_a_stranger_is_told_no_more_by_a_hash(stranger: httpx2.AsyncClient) -> None:
    status, _ = await post(stranger, by_hash(HELLO, query=HELLO))
    assert status == 401
    assert (await post(stranger, by_hash(HELLO)))[1]["errors"][0]["message"] == "PersistedQueryNotFound"


@pytest.mark.parametrize("persisted", [1, {}, {"version": 2, "sha256Hash": "a"}, {"version": 1, "sha256Hash": 1}])
async def test_another_form_of_the_extension_is_refused(client: httpx2.AsyncClient, persisted: Any) -> None:
    status, body = await post(client, {"query": HELLO, "extensions": {"persistedQuery": persisted}})
    assert status == 400
    assert "persistedQuery" in body["message"]


async def test_where_they_are_turned_off_clients_are_told_so(make_client: Make) -> None:
    client = make_client(persisted=PersistedQueries(automatic=False))
    assert await post(client, by_hash(HELLO, query=HELLO)) == (200, ANSWER)
    body = (await post(client, by_hash(HELLO)))[1]
    assert body["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_SUPPORTED"


async def test_only_allowed_documents_are_run_where_there_is_a_list(make_client: Make) -> None:
    client = make_client(persisted=PersistedQueries(allowed={"hello": HELLO, sha256("{ who }"): "{ who }"}))
    assert await post(client, {"query": HELLO}) == (200, ANSWER)
    named = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "hello"}}}
    assert await post(client, named) == (200, ANSWER)
    assert (await post(client, by_hash("{ who }")))[1] == {"data": {"who": "user-1"}}
    status, body = await post(client, by_hash("{ hello hello }", query="{ hello hello }"))
    assert (status, body["errors"][0]["extensions"]["code"]) == (403, "DOCUMENT_NOT_ALLOWED")


@pytest.mark.parametrize(
    "content",
    [{"a": HELLO}, {"format": "apollo-persisted-query-manifest", "operations": [{"id": "a", "body": HELLO}]}],
)
def test_a_list_is_an_object_or_apollos_manifest(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "documents.json"
    path.write_text(json.dumps(content))
    assert read_allowed(path) == {"a": HELLO}


@pytest.mark.parametrize("content", ["[]", '{"a": 1}', '{"operations": [{"id": "a"}]}', '{"operations": [1]}', "{"])
def test_a_list_that_can_not_be_read_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "documents.json"
    path.write_text(content)
    with pytest.raises(ValueError):  # noqa: PT011 - any text will do
        read_allowed(path)
