"""Prometheus metrics; every label has a closed set of values, so that no caller can make series."""

from collections.abc import Sequence
from hmac import compare_digest
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from transport.answers import Refused
from transport.series import Counts, Durations, Numbers

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
_OPERATIONS: Final = OPERATION_TYPES | {"none"}
_STATUSES: Final = ("none", "1xx", "2xx", "3xx", "4xx", "5xx")  # by the first digit
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """One registry of its own, so that two applications in a process do not share counters.

    `token`: what a scraper must send as `Authorization: Bearer`; without one they are shown only if they are `public`.
    """

    def __init__(self, *, token: str | None = None, public: bool = True, numbers: Numbers | None = None) -> None:
        self._token = token
        self._shown = public or token is not None
        self.registry = CollectorRegistry()
        numbers = numbers or Numbers()
        self._requests = Counts(numbers, "kv_http_requests", "HTTP requests answered.", status=_STATUSES)
        self._operations = Counts(
            numbers, "kv_graphql_operations", "GraphQL operations.", operation=_OPERATIONS, code=CODES | {"OTHER"}
        )
        self._duration = Durations(
            numbers, "kv_request_duration_seconds", "From a request's headers to the end of its answer.",
            buckets=_SECONDS, operation=_OPERATIONS,
        )  # fmt: skip
        self._store_calls = Counts(
            numbers, "kv_store_calls", "Calls to the table.", operation=STORE_CALLS | {"Other"}, outcome=OUTCOMES
        )
        for each in (self._requests, self._operations, self._duration, self._store_calls):
            self.registry.register(each)

    def count_request(self, status: int, seconds: float, *, operation_type: str | None, codes: Sequence[str]) -> None:
        self._requests.add(_STATUSES[status // 100])
        operation = operation_type if operation_type in OPERATION_TYPES else "none"
        self._duration.add(seconds, operation)
        if operation_type:
            code = codes[0] if codes else "OK"
            self._operations.add(operation, code if code in CODES else "OTHER")

    def count_store_call(self, operation: str, outcome: str) -> None:
        """For the datastore: DynamoDB's name of the call, and ok, refused (a condition) or failed."""
        name = operation if operation in STORE_CALLS else "Other"
        self._store_calls.add(name, outcome if outcome in OUTCOMES else "failed")

    def routes(self) -> list[Route]:
        return [Route("/metrics", self._expose)] if self._shown else []

    async def _expose(self, request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
        if self._token is not None and not compare_digest(given, self._token.encode()):
            message = "Send the server's KV_METRICS_TOKEN as Authorization: Bearer."
            raise Refused(401, "UnauthorizedException", message, "UNAUTHENTICATED", {"WWW-Authenticate": "Bearer"})
        return Response(generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
