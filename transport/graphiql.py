"""GraphiQL for browsers that open /graphql: our own files and those that npm installed, no CDN's."""

import hashlib
import json
from dataclasses import dataclass
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from transport.answers import JSON_TYPE, RESPONSE_TYPE
from transport.media_types import media_ranges

STATIC = Path(__file__).parent / "static"

OURS = ("app.css", "app.js", "favicon.svg")

# Name under /graphiql/         file in node_modules
FROM_NPM = {
    "react.js":         "react/umd/react.production.min.js",
    "react-dom.js":     "react-dom/umd/react-dom.production.min.js",
    "graphiql.js":      "graphiql/graphiql.min.js",
    "graphiql.css":     "graphiql/graphiql.min.css",
    "explorer.js":      "@graphiql/plugin-explorer/dist/index.umd.js",
    "explorer.css":     "@graphiql/plugin-explorer/dist/style.css",
}  # fmt: skip

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # CodeMirror places its cursor and lines, and the explorer draws its tree, with style attributes.
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)

# Beside those of transport/response_headers.py. The page is not to be kept, as it may hold an API key.
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Vary": "Accept",
}

NOT_INSTALLED = """<!doctype html>
<html lang="en">
<title>GraphiQL is not installed</title>
<h1>GraphiQL is not installed</h1>
<p>The GraphQL API answers at this address, but the files of its explorer are missing:</p>
<ul>{files}</ul>
<p>Run <code>npm ci</code> in the project's folder, then start the server again.</p>
</html>
"""


@dataclass(frozen=True)
class Asset:
    """A file as it is served; the digest in its address lets browsers keep it for good."""

    body: bytes
    media_type: str
    digest: str


@dataclass(frozen=True)
class Example:
    """A tab of GraphiQL: one operation and its variables, as text."""

    name: str
    query: str
    variables: str


class GraphiQL:
    """The page and the files it loads, read once.

    Whoever can open the page gets `api_key`, so it is only ever given for a server on a loopback address.
    """

    def __init__(self, *, api_key: str | None, node_modules: Path) -> None:
        self._api_key = api_key
        files = {name: STATIC / name for name in OURS}
        files |= {name: node_modules / path for name, path in FROM_NPM.items()}
        self._missing = [path for path in files.values() if not path.is_file()]
        self._assets = {name: _read(path) for name, path in files.items() if path not in self._missing}
        self._page = _address_by_digest((STATIC / "index.html").read_text(), self._assets)
        self._tabs = [{"query": tab.query, "variables": tab.variables} for tab in examples()]

    def page(self, request: Request) -> Response:
        if self._missing:
            files = "".join(f"<li><code>{escape(str(path))}</code></li>" for path in self._missing)
            return HTMLResponse(NOT_INSTALLED.format(files=files), status_code=503, headers=PAGE_HEADERS)
        api_key = self._api_key if _is_navigation(request) else None
        config = json.dumps({"apiKey": api_key, "tabs": self._tabs})
        html = self._page.replace('data-config=""', f'data-config="{escape(config)}"')
        return HTMLResponse(html, headers=PAGE_HEADERS)

    def routes(self) -> list[Route]:
        return [Route("/graphiql/{name}", self._file, methods=["GET"])]

    async def _file(self, request: Request) -> Response:
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            return PlainTextResponse("GraphiQL has no such file.", status_code=404)
        lasting = request.query_params.get("v") == asset.digest
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
            "ETag": f'"{asset.digest}"',
        }
        if asset.digest in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(asset.body, media_type=asset.media_type, headers=headers)


def examples() -> list[Example]:
    """The tabs, in the order of their files, which are named 01-Operation.graphql and 01-Operation.json."""
    return [_example(path) for path in sorted((STATIC / "examples").glob("*.graphql"))]


def prefers_page(request: Request) -> bool:
    """Whether the client would rather have HTML than an answer of the API; `*/*` alone asks for the API."""
    accepted = dict(media_ranges(",".join(request.headers.getlist("accept"))))
    page = accepted.get("text/html", 0)
    named = [accepted[name] for name in (JSON_TYPE, RESPONSE_TYPE) if name in accepted]
    if named:
        return page > max(named)
    return page > 0 and page >= accepted.get("application/*", accepted.get("*/*", 0))


def _is_navigation(request: Request) -> bool:
    """Scripts of other sites, where CORS lets them in, send Origin and another mode: no key for them."""
    mode = request.headers.get("sec-fetch-mode", "navigate")
    return mode == "navigate" and "origin" not in request.headers


def _example(path: Path) -> Example:
    name = path.stem.split("-")[1]
    variables = path.with_suffix(".json")
    text = variables.read_text().strip() if variables.is_file() else ""
    return Example(name, path.read_text().strip(), text)


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    return Asset(body, MEDIA_TYPES[path.suffix], hashlib.sha256(body).hexdigest()[:16])


def _address_by_digest(html: str, assets: dict[str, Asset]) -> str:
    for name, asset in assets.items():
        html = html.replace(f'"graphiql/{name}"', f'"graphiql/{name}?v={asset.digest}"')
    return html
