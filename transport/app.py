"""The HTTP application: routes, and the layers that every request passes, outermost first."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from schema.execution import Execution
from transport.access_log import AccessLog, RequestLog
from transport.allowed_hosts import AllowedHosts
from transport.answers import Refused, malformed, not_allowed, refusal
from transport.cross_site import PREFLIGHT_HEADERS
from transport.failures import MaskFailures
from transport.fast_lane import FastLane
from transport.graphql_endpoint import (
    EXPECTED,
    Admit,
    Authenticate,
    GraphQLEndpoint,
    MakeContext,
    open_to_all,
    refused_by,
)
from transport.head_plans import HeadLearning, HeadPlans
from transport.header_limits import HeaderLimits
from transport.health import Readiness
from transport.metrics import Metrics
from transport.persisted_queries import PersistedQueries
from transport.response_headers import ResponseHeaders

PATH = "/graphql"
CORS_HEADERS = (
    "authorization",
    "content-type",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-user-agent",
    "x-api-key",
    "x-request-id",
    *PREFLIGHT_HEADERS,
)
EXPOSED_HEADERS = ("x-amzn-errortype", "x-amzn-requestid", "retry-after", "ratelimit", "ratelimit-policy")


def build_app(
    *,
    execution: Execution,
    authenticate: Authenticate,
    make_context: MakeContext,
    readiness: Readiness,
    open_fields: Collection[str] = (),
    introspection: bool = True,
    allowed_hosts: Collection[str] = ("localhost", "127.0.0.1", "[::1]"),
    cors_origins: Collection[str] = (),
    max_body_bytes: int = 2 * 1024 * 1024,
    body_seconds: float = 15,
    proxies: int = 0,
    accepts_cookies: bool = False,
    admit: Admit = lambda caller: {},
    metrics: Metrics | None = None,
    ide: Callable[[Request], Response] | None = None,
    persisted: PersistedQueries | None = None,
    extra_routes: Sequence[BaseRoute] = (),
    lifespan: Any = None,
) -> Starlette:
    """`authenticate` answers None for absent and for invalid credentials alike. `state.lane` is for FastHTTP."""
    endpoint = GraphQLEndpoint(
        execution=execution,
        authenticate=authenticate,
        make_context=make_context,
        open_fields=open_to_all(open_fields, introspection=introspection),
        max_body_bytes=max_body_bytes,
        body_seconds=body_seconds,
        proxies=proxies,
        accepts_cookies=accepts_cookies,
        admit=admit,
        ide=ide,
        persisted=persisted or PersistedQueries(),
    )
    metrics = metrics or Metrics()
    lane = FastLane(endpoint, RequestLog(metrics), HeadPlans(), PATH)
    routes = [Route(PATH, endpoint), *readiness.routes(), *metrics.routes(), *extra_routes]
    return _application(lane, routes, _layers(lane, allowed_hosts, cors_origins), lifespan)


def _application(lane: FastLane, routes: Sequence[BaseRoute], layers: list[Middleware], lifespan: Any) -> Starlette:
    app = Starlette(routes=routes, middleware=layers, exception_handlers=_HANDLERS, lifespan=lifespan)
    app.state.lane = lane
    return app


def _layers(lane: FastLane, hosts: Collection[str], origins: Collection[str]) -> list[Middleware]:
    cors = Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=("GET", "POST"),
        allow_headers=CORS_HEADERS,
        expose_headers=EXPOSED_HEADERS,
        max_age=7200,
    )
    return [
        Middleware(AccessLog, log=lane.log),
        Middleware(HeadLearning, plans=lane.plans),
        Middleware(ResponseHeaders),
        Middleware(AllowedHosts, hosts=hosts),
        *([cors] if origins else []),
        Middleware(MaskFailures),
        Middleware(HeaderLimits),
    ]


async def _refused(request: Request, error: Exception) -> Response:
    return refusal(request.scope, refused_by(error))


async def _no_route(request: Request, error: Exception) -> Response:
    """Starlette's own: a path or a method that no route has."""
    http = cast(HTTPException, error)
    refused = {
        404: Refused(
            404, "NotFoundException", "There is nothing at this address; the API is at /graphql.", "NOT_FOUND"
        ),
        405: not_allowed("This address does not take that method.", allow=(http.headers or {}).get("Allow", "GET")),
    }.get(http.status_code, malformed(http.detail, status=http.status_code))
    return refusal(request.scope, refused)


async def _gone(request: Request, error: Exception) -> Response:
    """The caller hung up before the body was read: nobody reads this, but the log has a status."""
    return Response(status_code=499)


_HANDLERS = {
    **dict.fromkeys(EXPECTED, _refused),
    HTTPException: _no_route,
    ClientDisconnect: _gone,
}
