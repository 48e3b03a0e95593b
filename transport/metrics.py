"""Prometheus metrics; every label has a closed set of values, so that no caller can make series."""

from collections.abc import Collection
from functools import cache
from hmac import compare_digest
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from transport.answers import Refused

OPERATION_TYPES: Final = frozenset({"query", "mutation", "subscription"})
# Refusals that a dashboard tells apart; all else is OTHER.
CODES: Final = frozenset(
    {
        "OK", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "LIMIT_EXCEEDED",
        "UNAUTHENTICATED", "UNAUTHORIZED", "NOT_FOUND", "CONDITION_FAILED", "TRANSACTION_CANCELLED",
        "UNAVAILABLE", "TIMEOUT", "INTERNAL",
    }
)  # fmt: skip
STORE_CALLS: Final = frozenset(
    {
        "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "BatchGetItem", "BatchWriteItem",
        "TransactGetItems", "TransactWriteItems",
    }
)  # fmt: skip
OUTCOMES: Final = frozenset({"ok", "refused", "failed"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """One registry of its own, so that two applications in a process do not share counters.

    `token`: what a scraper must send as `Authorization: Bearer`; without one they are shown only if they are `public`.
    """

    def __init__(self, *, token: str | None = None, public: bool = True) -> None:
        self._token = token
        self._shown = public or token is not None
        self.registry = CollectorRegistry()
        requests = Counter("kv_http_requests", "HTTP requests answered.", ["status"], registry=self.registry)
        operations = Counter(
            "kv_graphql_operations", "GraphQL operations.", ["operation", "code"], registry=self.registry
        )
        duration = Histogram(
            "kv_request_duration_seconds", "From a request's headers to the end of its answer.", ["operation"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        store_calls = Counter("kv_store_calls", "Calls to the table.", ["operation", "outcome"], registry=self.registry)
        # Finding a series by its labels costs more than counting; there are few, as the labels' values are closed sets.
        self._requests, self._operations = cache(requests.labels), cache(operations.labels)
        self._duration, self._store_calls = cache(duration.labels), cache(store_calls.labels)

    def count_request(self, status: int, seconds: float, *, operation_type: str | None, codes: Collection[str]) -> None:
        self._requests(f"{status // 100}xx" if status else "none").inc()
        operation = _one_of(OPERATION_TYPES, operation_type or "none", otherwise="none")
        self._duration(operation).observe(seconds)
        if operation_type:
            code = next(iter(codes), "OK")
            self._operations(operation, _one_of(CODES, code, otherwise="OTHER")).inc()

    def count_store_call(self, operation: str, outcome: str) -> None:
        """For the datastore: DynamoDB's name of the call, and ok, refused (a condition) or failed."""
        name = _one_of(STORE_CALLS, operation, otherwise="Other")
        self._store_calls(name, _one_of(OUTCOMES, outcome, otherwise="failed")).inc()

    def routes(self) -> list[Route]:
        return [Route("/metrics", self._expose)] if self._shown else []

    async def _expose(self, request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
        if self._token is not None and not compare_digest(given, self._token.encode()):
            message = "Send the server's KV_METRICS_TOKEN as Authorization: Bearer."
            raise Refused(401, "UnauthorizedException", message, "UNAUTHENTICATED", {"WWW-Authenticate": "Bearer"})
        return Response(generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _one_of(allowed: Collection[str], value: str, *, otherwise: str) -> str:
    return value if value in allowed else otherwise
