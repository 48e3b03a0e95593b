"""What GraphiQL's page and files send, and to whom; tests/browser/ shows that a browser makes something of it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from transport.access_log import AccessLog, RequestLog
from transport.graphiql import GraphiQL, examples, prefers_page
from transport.metrics import Metrics
from transport.response_headers import ResponseHeaders

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "node_modules"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}


class Page(HTMLParser):
    """The elements of a page, as (tag, attributes)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def attributes(self, tag: str, name: str) -> list[str]:
        return [value for found, attrs in self.elements if found == tag and (value := attrs.get(name))]

    @property
    def config(self) -> dict[str, Any]:
        return json.loads(next(value for value in self.attributes("div", "data-config")))

    @property
    def files(self) -> list[str]:
        return self.attributes("script", "src") + self.attributes("link", "href")


def client(*, api_key: str | None = None, node_modules: Path = NODE_MODULES) -> TestClient:
    graphiql = GraphiQL(api_key=api_key, node_modules=node_modules)

    async def graphql(request: Request) -> Response:
        return graphiql.page(request) if prefers_page(request) else PlainTextResponse("the API")

    layers = [Middleware(AccessLog, log=RequestLog(Metrics())), Middleware(ResponseHeaders)]
    return TestClient(Starlette(routes=[Route("/graphql", graphql), *graphiql.routes()], middleware=layers))


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("text/html", True),
        ("TEXT/HTML; charset=utf-8", True),
        (BROWSER["Accept"], True),
        ("text/html, */*", True),
        ("text/html;q=0.9, application/json;q=0.8", True),
        ("application/json;q=0.2,text/html;q=0.21", True),
        ("*/*", False),
        ("", False),
        ("text/*", False),
        ("application/json", False),
        ("application/graphql-response+json, text/html;q=0.9", False),
        ("text/html, application/json", False),
        ("text/html;q=0.5, */*", False),
        ("text/html;q=0.5, application/*", False),
        ("text/html;q=0", False),
        ("text/html;q=nan", False),
        ("text/html;q=2", False),
        (";;,,=;q=", False),
    ],
)
def test_the_page_is_for_clients_that_would_rather_have_html(accept: str, page: bool) -> None:
    answer = client().get("/graphql", headers={"Accept": accept})
    assert (answer.text != "the API") is page


def test_accept_may_come_in_several_lines() -> None:
    answer = client().get("/graphql", headers=[("Accept", "text/html;q=0.5"), ("Accept", "application/json")])
    assert answer.text == "the API"


def test_the_page_runs_no_script_but_files_of_its_own_origin() -> None:
    answer = client().get("/graphql", headers=BROWSER)
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert {policy[name] for name in ("frame-ancestors", "base-uri", "form-action")} == {"'none'"}
    page = Page(answer.text)
    assert all(attrs.get("src") for tag, attrs in page.elements if tag == "script")
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on") or name == "style"]
    assert not [address for address in page.files if re.match(r"\w+:|//", address)]


def test_the_page_is_neither_kept_nor_framed_nor_named_to_others() -> None:
    headers = client().get("/graphql", headers=BROWSER).headers
    assert headers["cache-control"] == "no-store"
    assert headers["vary"] == "Accept"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"


def test_every_file_that_the_page_names_is_served_for_good() -> None:
    browser = client()
    files = Page(browser.get("/graphql", headers=BROWSER).text).files
    assert len(files) == 9
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    for file in files:
        answer = browser.get(f"/{file}")
        assert answer.status_code == 200, file
        assert answer.headers["content-type"].startswith(types[file.split("?")[0].rsplit(".")[-1]])
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789abcdef"])
def test_a_file_under_another_address_is_asked_for_again_and_not_sent_twice(query: str) -> None:
    browser = client()
    first = browser.get(f"/graphiql/app.js{query}")
    assert first.headers["cache-control"] == "no-cache"
    again = browser.get(f"/graphiql/app.js{query}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    changed = browser.get("/graphiql/app.js", headers={"If-None-Match": '"of an older release"'})
    assert changed.content == first.content


@pytest.mark.parametrize("name", ["nothing.js", "index.html", "..%2fgraphiql.py", "%2e%2e%2f%2e%2e%2fserver.py", "%00"])
def test_no_other_file_is_served(name: str) -> None:
    assert client().get(f"/graphiql/{name}").status_code == 404


def test_the_page_holds_the_local_api_key() -> None:
    assert Page(client(api_key="kv_live_1").get("/graphql", headers=BROWSER).text).config["apiKey"] == "kv_live_1"
    assert Page(client(api_key=None).get("/graphql", headers=BROWSER).text).config["apiKey"] is None


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "no-cors"}]
)
def test_a_script_of_another_site_gets_no_api_key(headers: dict[str, str]) -> None:
    answer = client(api_key="kv_live_1").get("/graphql", headers=BROWSER | headers)
    assert "kv_live_1" not in answer.text


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "&quot;&lt;"]
)
def test_whatever_the_configuration_holds_stays_text(text: str) -> None:
    page = Page(client(api_key=text).get("/graphql", headers=BROWSER).text)
    assert page.config["apiKey"] == text
    assert [tag for tag, _ in page.elements] == [
        tag for tag, _ in Page(client().get("/graphql", headers=BROWSER).text).elements
    ]


def test_without_its_files_the_page_says_which_and_what_to_do(tmp_path: Path) -> None:
    answer = client(api_key="kv_live_1", node_modules=tmp_path).get("/graphql", headers=BROWSER)
    assert answer.status_code == 503
    assert "npm ci" in answer.text
    assert str(tmp_path / "graphiql/graphiql.min.js") in answer.text
    assert "kv_live_1" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_each_tab_is_one_named_operation_with_the_variables_it_declares() -> None:
    tabs = Page(client().get("/graphql", headers=BROWSER).text).config["tabs"]
    assert len(tabs) == len(examples()) == 12
    names = []
    for tab in tabs:
        (operation,) = parse(tab["query"]).definitions
        assert isinstance(operation, OperationDefinitionNode)
        assert operation.name
        names.append(operation.name.value)
        declared = {definition.variable.name.value for definition in operation.variable_definitions or ()}
        assert declared == set(json.loads(tab["variables"] or "{}"))
        assert tab["query"].startswith("# "), "a tab begins with what it shows"
    assert names == [example.name for example in examples()]
    assert len(set(names)) == 12


def test_the_documentation_tells_what_each_tab_shows() -> None:
    rows = re.findall(r"^\| ([A-Z][\w, ]+?) +\|", (ROOT / "docs/graphiql.md").read_text(), re.MULTILINE)
    assert ", ".join(rows).split(", ") == [example.name for example in examples()]
