"""Sessions in a browser's cookie: off unless a setting asks for them, and then held to Apollo's CSRF rule (A9, G9)."""

from collections.abc import AsyncIterator, Mapping
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx2
import pytest

from datastore.client import Client
from tests.api import PASSWORD, Api, running_api
from tests.schema.test_sessions import token_of
from tests.schema.test_update_me import NEW_PASSWORD, UPDATE

ME = "{ me { email } }"
EMAIL = "ann@example.com"
NAME = "__Host-kv-session"


@pytest.fixture
async def with_cookies(client: Client, table_names: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(client, table_names, tmp_path, session_cookie=True) as running:
        await running.sign_up(EMAIL)
        yield running.as_caller(None)


async def cookie_of(api: Api) -> str:
    answer = await api.try_login(EMAIL)
    assert "errors" not in answer.body
    return set_cookie(answer.headers)[NAME].value


def set_cookie(headers: Mapping[str, str]) -> SimpleCookie:
    return SimpleCookie(headers["set-cookie"])


async def post(api: Api, query: str, token: str, **headers: str) -> httpx2.Response:
    return await api.http.post("/graphql", json={"query": query}, headers={"cookie": f"{NAME}={token}", **headers})


async def test_none_is_set_and_none_is_read_unless_a_setting_asks_for_it(api: Api) -> None:
    await api.sign_up(EMAIL)
    answer = await api.as_caller(None).try_login(EMAIL)
    assert "set-cookie" not in answer.headers
    assert (await post(api, ME, answer.data["login"]["token"])).status_code == 401


async def test_a_login_sets_it_for_this_host_alone_over_https_alone_and_out_of_scripts_reach(with_cookies: Api) -> None:
    answer = await with_cookies.try_login(EMAIL)
    morsel = set_cookie(answer.headers)[NAME]
    assert morsel.value == answer.data["login"]["token"]
    assert (morsel["path"], morsel["secure"], morsel["httponly"], morsel["samesite"]) == ("/", True, True, "Lax")
    assert (morsel["domain"], morsel["max-age"]) == ("", str(30 * 86_400))


async def test_a_failed_login_sets_none(with_cookies: Api) -> None:
    assert "set-cookie" not in (await with_cookies.try_login(EMAIL, "wrong horse")).headers


async def test_it_opens_what_the_token_opens(with_cookies: Api) -> None:
    token = await cookie_of(with_cookies)
    assert (await post(with_cookies, ME, token)).json()["data"]["me"]["email"] == EMAIL
    other = await with_cookies.http.post(
        "/graphql", json={"query": ME}, headers={"cookie": f"theme=dark; {NAME}={token}; x=y"}
    )
    assert other.status_code == 200


@pytest.mark.parametrize("cookie", ["", NAME, f"{NAME}=", f"{NAME}=x", "kv-session=TOKEN", "__host-kv-session=TOKEN"])
async def test_no_other_cookie_opens_anything(with_cookies: Api, cookie: str) -> None:
    cookie = cookie.replace("TOKEN", await cookie_of(with_cookies))
    response = await with_cookies.http.post("/graphql", json={"query": ME}, headers={"cookie": cookie})
    assert response.status_code == 401


async def test_a_header_goes_before_it(with_cookies: Api) -> None:
    token = await cookie_of(with_cookies)
    for headers in ({"x-api-key": "wrong"}, {"authorization": "Bearer wrong"}):
        assert (await post(with_cookies, ME, token, **headers)).status_code == 401


async def test_logout_ends_the_session_and_clears_it(with_cookies: Api) -> None:
    token = await cookie_of(with_cookies)
    response = await post(with_cookies, "mutation { logout }", token)
    morsel = set_cookie(response.headers)[NAME]
    assert (morsel.value, morsel["max-age"], morsel["path"], morsel["secure"]) == ("", "0", "/", True)
    assert (await post(with_cookies, ME, token)).status_code == 401


async def test_a_login_gives_a_browser_another_and_ends_the_one_before(with_cookies: Api) -> None:
    token = await cookie_of(with_cookies)
    login = f'mutation {{ login(input: {{email: "{EMAIL}", password: "{PASSWORD}"}}) {{ token }} }}'
    response = await post(with_cookies, login, token)
    assert set_cookie(response.headers)[NAME].value not in ("", token)
    assert (await post(with_cookies, ME, token)).status_code == 401


async def test_a_new_password_gives_the_browser_another_and_ends_the_one_before(with_cookies: Api) -> None:
    token = await cookie_of(with_cookies)
    response = await with_cookies.http.post(
        "/graphql",
        json={"query": UPDATE, "variables": {"current": PASSWORD, "password": NEW_PASSWORD}},
        headers={"cookie": f"{NAME}={token}"},
    )
    assert "errors" not in response.json()
    renewed = set_cookie(response.headers)[NAME].value
    assert renewed != token
    assert (await post(with_cookies, ME, token)).status_code == 401
    assert (await post(with_cookies, ME, renewed)).status_code == 200


async def test_a_new_password_leaves_the_token_of_whoever_sends_it_in_a_header(with_cookies: Api) -> None:
    session = await with_cookies.login(EMAIL)
    answer = await session(UPDATE, current=PASSWORD, password=NEW_PASSWORD)
    assert "errors" not in answer.body
    assert "set-cookie" not in answer.headers
    assert (await session(ME)).status == 200
    assert token_of(session)


SIMPLE = (
    None,
    "",
    "text/plain",
    "Text/Plain; charset=utf-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
)
PREFLIGHTED = (
    "apollo-require-preflight",
    "x-apollo-operation-name",
    "graphql-require-preflight",
    "x-graphql-yoga-csrf",
)


class TestAnotherSite:
    """A page elsewhere may make a browser send a cookie, but with none of these headers unless it may ask first."""

    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("content_type", SIMPLE)
    async def test_can_send_no_request(self, with_cookies: Api, method: str, content_type: str | None) -> None:
        response = await send(with_cookies, method, content_type)
        assert response.status_code == 400
        assert response.json()["errors"][0]["extensions"]["code"] == "CSRF_PREVENTION"

    @pytest.mark.parametrize("name", PREFLIGHTED)
    @pytest.mark.parametrize("content_type", SIMPLE)
    async def test_could_not_set_these_headers(self, with_cookies: Api, name: str, content_type: str | None) -> None:
        assert (await send(with_cookies, "GET", content_type, {name: "1"})).status_code == 200
        assert (await send(with_cookies, "GET", content_type, {name: ""})).status_code == 400
        posted = await send(with_cookies, "POST", content_type, {name: "1"})
        assert posted.status_code == 415  # let through, and then the body is no JSON by what it says

    @pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
    async def test_could_not_send_this_content_type(self, with_cookies: Api, content_type: str) -> None:
        for method in ("GET", "POST"):
            assert (await send(with_cookies, method, content_type)).status_code == 200


async def send(
    api: Api, method: str, content_type: str | None, headers: Mapping[str, str] | None = None
) -> httpx2.Response:
    """A query with a valid cookie; by POST it stands in the body."""
    sent: dict[str, Any] = {"cookie": f"{NAME}={await cookie_of(api)}", **(headers or {})}
    if content_type is not None:
        sent["content-type"] = content_type
    if method == "GET":
        return await api.http.get("/graphql", params={"query": ME}, headers=sent)
    return await api.http.post("/graphql", content=b'{"query": "{ me { email } }"}', headers=sent)
