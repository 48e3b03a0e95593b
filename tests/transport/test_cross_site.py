"""GET requests that a page of another site could make a browser send (G9)."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

QUERY = {"query": "{ __typename }"}


async def status(make_client: Callable[..., httpx2.AsyncClient], headers: dict[str, str]) -> Any:
    response = await make_client(headers=headers).get("/graphql", params=QUERY)
    return response.status_code


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "Text/Plain; charset=utf-8"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": ""},
        {"apollo-require-preflight": ""},
        {"cookie": "session=x"},
    ],
)
async def test_a_get_that_no_preflight_guards_is_400(
    make_client: Callable[..., httpx2.AsyncClient], headers: dict[str, str]
) -> None:
    assert await status(make_client, headers) == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {"content-type": "application/x-anything"},
        {"apollo-require-preflight": "1"},
        {"x-apollo-operation-name": "Q"},
        {"graphql-require-preflight": "1"},
        {"x-graphql-yoga-csrf": "1"},
        {"x-api-key": "good"},
        {"authorization": "Bearer x"},
        {"content-type": "text/plain", "apollo-require-preflight": "true"},
    ],
)
async def test_a_get_that_only_a_script_can_send_is_answered(
    make_client: Callable[..., httpx2.AsyncClient], headers: dict[str, str]
) -> None:
    assert await status(make_client, headers) == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_no_form_can_post(client: httpx2.AsyncClient, content_type: str) -> None:
    headers = {"content-type": content_type, "apollo-require-preflight": "1"}
    response = await client.post("/graphql", content=b'{"query":"{hello}"}', headers=headers)
    assert response.status_code == 415
