"""What goes back over HTTP: strict JSON, and refusals in the shape that AppSync's clients read."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from starlette.responses import Response
from starlette.types import Scope

from datastore import json_text
from transport.request_record import RequestRecord, record_of

JSON_TYPE: Final = "application/json"
RESPONSE_TYPE: Final = "application/graphql-response+json"


class Answer(NamedTuple):
    """What is sent back, but for the headers that every answer has; `headers` are its own, and stand first."""

    body: bytes
    status: int = 200
    media_type: str = JSON_TYPE
    headers: tuple[tuple[str, str], ...] = ()


class Refused(Exception):  # noqa: N818 - exceptions here say what went wrong, without "Error"
    """A request answered before any operation ran; `error_type` is one of AppSync's where it has one."""

    def __init__(
        self,
        status: int,
        error_type: str,
        message: str,
        code: str = "BAD_REQUEST",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message
        self.code = code
        self.headers = {"x-amzn-errortype": error_type, **(headers or {})}

    def body(self) -> dict[str, Any]:
        """Amplify shows the top-level message."""
        extensions = {"code": self.code, **({"retryable": True} if self.status == 503 else {})}
        error = {
            "path": None,
            "data": None,
            "errorType": self.error_type,
            "errorInfo": None,
            "locations": None,
            "message": self.message,
            "extensions": extensions,
        }
        return {"message": self.message, "errors": [error]}


def malformed(message: str, *, status: int = 400, code: str = "BAD_REQUEST") -> Refused:
    return Refused(status, "MalformedHttpRequestException", message, code)


def not_allowed(message: str, *, allow: str) -> Refused:
    return Refused(405, "MethodNotAllowed", message, "METHOD_NOT_ALLOWED", {"Allow": allow})


def unavailable(message: str) -> Refused:
    return Refused(503, "ServiceUnavailable", message, "UNAVAILABLE", {"Retry-After": "1"})


def refusal(scope: Scope, refused: Refused) -> Response:
    """Always application/json: what was refused over HTTP has no GraphQL response."""
    return response(refused_answer(refused, record_of(scope)))


def refused_answer(refused: Refused, record: RequestRecord) -> Answer:
    record.codes = (refused.code,)
    return Answer(render(refused.body()), refused.status, JSON_TYPE, tuple(refused.headers.items()))


def response(answered: Answer) -> Response:
    made = Response(answered.body, answered.status, media_type=f"{answered.media_type}; charset=utf-8")
    own = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answered.headers]
    made.raw_headers = own + made.raw_headers
    return made


def answer(
    body: Mapping[str, Any],
    *,
    status: int = 200,
    media_type: str = JSON_TYPE,
) -> Response:
    return response(Answer(render(body), status, media_type))


def render(body: Mapping[str, Any]) -> bytes:
    try:
        return json_text.render(body).encode()
    except TypeError:  # as orjson reports a lone surrogate, which a request may hold but UTF-8 can't
        return json_text.render(_writable(body)).encode()


def _writable(value: Any) -> Any:
    match value:
        case str():
            return value.encode(errors="backslashreplace").decode()
        case Mapping():
            return {_writable(name): _writable(member) for name, member in value.items()}
        case Sequence() if not isinstance(value, bytes):
            return [_writable(element) for element in value]
    return value
