"""GraphiQL for browsers that open /graphql: our own files and those that npm installed, no CDN's."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

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

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PAGE_HEADERS = {**SECURITY_HEADERS, "Cache-Control": "no-store", "Vary": "Accept"}

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
            return PlainTextResponse("GraphiQL has no such file.", status_code=404, headers=SECURITY_HEADERS)
        lasting = request.query_params.get("v") == asset.digest
        headers = {
            **SECURITY_HEADERS,
            "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
            "ETag": f'"{asset.digest}"',
        }
        if asset.digest in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(asset.body, media_type=asset.media_type, headers=headers)


def examples() -> list[Example]:
    """The tabs, in the order of their file names."""
    return [
        Example(query=path.read_text(), variables=variables.read_text() if variables.is_file() else "")
        for path in sorted((STATIC / "examples").glob("*.graphql"))
        for variables in [path.with_suffix(".json")]
    ]


def prefers_page(request: Request) -> bool:
    """Whether the client would rather have HTML than an answer of the API; `*/*` alone asks for the API."""
    weights = dict(_weights(",".join(request.headers.getlist("accept"))))
    page = weights.get("text/html", 0)
    named = [
        weights[name] for name in ("application/json", "application/graphql-response+json") if name in weights
    ]
    if named:
        return page > max(named)
    return page > 0 and page >= weights.get("application/*", weights.get("*/*", 0))


def _weights(accept: str) -> Iterator[tuple[str, float]]:
    """Media ranges and their q, RFC 9110 section 12.5.1; a q that is none counts as 0."""
    for media_range in accept.lower().split(","):
        name, *parameters = (part.strip() for part in media_range.split(";"))
        q = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        yield name, float(q) if re.fullmatch(r"0(\.\d{0,3})?|1(\.0{0,3})?", q) else 0


def _is_navigation(request: Request) -> bool:
    """Scripts of other sites, where CORS lets them in, send Origin and another mode: no key for them."""
    mode = request.headers.get("sec-fetch-mode", "navigate")
    return mode == "navigate" and "origin" not in request.headers


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    return Asset(body, MEDIA_TYPES[path.suffix], hashlib.sha256(body).hexdigest()[:16])


def _address_by_digest(html: str, assets: dict[str, Asset]) -> str:
    for name, asset in assets.items():
        html = html.replace(f'"graphiql/{name}"', f'"graphiql/{name}?v={asset.digest}"')
    return html
