"""/graphql: from an HTTP request to an operation and back, by the GraphQL-over-HTTP draft and as AppSync does it."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from datastore.errors import Unauthenticated, Unavailable
from schema.execution import Execution, Outcome
from schema.preparation import Operation, Prepared
from transport.answers import RESPONSE_TYPE, Answer, Refused, not_allowed, render, response, unavailable
from transport.client_address import client_ip
from transport.cross_site import check_preflighted
from transport.graphiql import prefers_page
from transport.head_plans import note_head
from transport.media_types import check_body_type, response_type
from transport.persisted_queries import PersistedQueries
from transport.request_body import read_body
from transport.request_parameters import Parameters, from_body, from_query_string
from transport.request_record import RequestRecord, record_of

# What may be raised on the way to an answer; anything else nobody expected.
EXPECTED: Final = (Refused, Unauthenticated, Unavailable)

NO_CREDENTIALS = (
    "You are not authorized to make this call. "
    "Send an API key in x-api-key, or a session or access token in Authorization."
)
_ALWAYS_OPEN = frozenset({"Query.__typename", "Mutation.__typename", "Subscription.__typename"})
_INTROSPECTION = frozenset({"Query.__schema", "Query.__type"})


class Caller(Protocol):
    """What this layer reads of an identity; the rest is the resolvers' business."""

    @property
    def user_id(self) -> str: ...


Authenticate: TypeAlias = Callable[[Mapping[str, str]], Awaitable[Caller | None]]
Admit: TypeAlias = Callable[[Any], Mapping[str, str]]
MakeContext: TypeAlias = Callable[[Any, Mapping[str, str], str, str], Awaitable[Any]]


def open_to_all(open_fields: Collection[str], *, introspection: bool) -> frozenset[str]:
    """Root fields that need no credentials, as coordinates such as Mutation.signUp."""
    return frozenset(open_fields) | _ALWAYS_OPEN | (_INTROSPECTION if introspection else frozenset())


class Asked(NamedTuple):
    """A request, read and checked as far as HTTP goes. Names of headers are lower-case."""

    parameters: Parameters
    headers: Mapping[str, str]
    method: str
    media_type: str
    client_ip: str


@dataclass(frozen=True, eq=False)
class GraphQLEndpoint:
    execution: Execution
    authenticate: Authenticate
    make_context: MakeContext
    open_fields: frozenset[str]
    max_body_bytes: int
    body_seconds: float
    proxies: int = 0
    accepts_cookies: bool = False
    admit: Admit = lambda caller: {}
    ide: Callable[[Request], Response] | None = None
    persisted: PersistedQueries = field(default_factory=PersistedQueries)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await (await self._respond(request))(scope, receive, send)

    async def answer(self, asked: Asked, record: RequestRecord) -> Answer:
        """All that follows once a request has been read, in whichever way. Raises what EXPECTED names."""
        outcome = await self._run(asked, record)
        record.codes = outcome.codes
        headers = (*record.rate_limits.items(), *getattr(record.context, "response_headers", ()))
        return _answer(outcome, asked.media_type, headers)

    async def _respond(self, request: Request) -> Response:
        if request.method == "GET" and self.ide and prefers_page(request):
            return self.ide(request)
        if request.method not in ("GET", "POST"):
            raise not_allowed("Use POST, or GET for queries.", allow="GET, POST")
        media_type = response_type(",".join(request.headers.getlist("accept")))
        parameters = await self._parameters(request)
        if request.method == "POST":
            note_head(request.scope, media_type)
        asked = Asked(
            parameters,
            request.headers,
            request.method,
            media_type,
            client_ip(request.headers.getlist("x-forwarded-for"), request.scope.get("client"), proxies=self.proxies),
        )
        return response(await self.answer(asked, record_of(request.scope)))

    async def _parameters(self, request: Request) -> Parameters:
        if request.method == "GET":
            parameters = from_query_string(request.scope["query_string"])
            check_preflighted(request.headers)
            return parameters
        if self.accepts_cookies:
            check_preflighted(request.headers)
        content_type = request.headers.get("content-type")
        if content_type is not None:
            check_body_type(content_type, request.headers.get("content-encoding"))
        body = await read_body(request, max_bytes=self.max_body_bytes, within_seconds=self.body_seconds)
        if body:
            check_body_type(content_type, request.headers.get("content-encoding"))
        return from_body(body)

    async def _run(self, asked: Asked, record: RequestRecord) -> Outcome:
        parameters = asked.parameters
        caller = await self.authenticate(asked.headers)
        if caller:
            record.rate_limits = self.admit(caller)
        user_id = caller.user_id if caller else None
        prepared = self.execution.prepare(
            self.persisted.document(parameters, user_id),
            operation_name=parameters.operation_name,
            variables=parameters.variables,
            owner=user_id,
        )
        record.user_id = user_id
        if prepared.operation:
            record.operation_type, record.operation_name = prepared.operation.type, prepared.operation.name
        self._check(asked.method, caller, prepared)
        if prepared.errors:
            return self.execution.refuse(prepared, request_id=record.request_id)
        self.persisted.remember(parameters, user_id)
        record.context = await self.make_context(caller, asked.headers, record.request_id, asked.client_ip)
        return await self.execution.run(prepared, context=record.context, request_id=record.request_id)

    def _check(self, method: str, caller: Caller | None, prepared: Prepared) -> None:
        """Raises Refused where the operation may not be asked for by this caller, or in this way."""
        if caller is None and not self._is_open(prepared.operation):
            raise unauthenticated()
        if prepared.names_no_operation:
            message = prepared.errors[0].message
            raise Refused(400, "BadRequestException", message, "BAD_REQUEST")
        if method == "GET" and prepared.operation and prepared.operation.type != "query":
            raise not_allowed(f"A {prepared.operation.type} can't be sent by GET; use POST.", allow="POST")

    def _is_open(self, operation: Operation | None) -> bool:
        return operation is not None and operation.root_fields <= self.open_fields


def refused_by(error: Exception) -> Refused:
    """How one of EXPECTED is told to the caller."""
    match error:
        case Refused():
            return error
        case Unavailable():
            return unavailable(str(error))
    return unauthenticated(str(error))


def unauthenticated(message: str = NO_CREDENTIALS) -> Refused:
    return Refused(
        401, "UnauthorizedException", message, "UNAUTHENTICATED", {"WWW-Authenticate": 'Bearer realm="graphql"'}
    )


def _answer(outcome: Outcome, media_type: str, headers: Iterable[tuple[str, str]]) -> Answer:
    """AppSync answers 200 to what it could not run; GraphQL over HTTP has a media type that tells the two apart."""
    if media_type != RESPONSE_TYPE or outcome.began:
        return Answer(render(outcome.body), 200, media_type, tuple(headers))
    body = {name: value for name, value in outcome.body.items() if name != "data"}
    error_type = body["errors"][0]["errorType"]
    return Answer(render(body), 400, media_type, (("x-amzn-errortype", error_type), *headers))
