"""GraphQL errors as they go out: AppSync's fields on top, a code for everybody else under extensions.

| cause                                   | errorType               | extensions.code           |
| --------------------------------------- | ----------------------- | ------------------------- |
| the document can't be read              | GraphQLParseFailed      | GRAPHQL_PARSE_FAILED      |
| the document does not fit the schema    | GraphQLValidationFailed | GRAPHQL_VALIDATION_FAILED |
| a value does not fit its type           | BadRequest              | BAD_USER_INPUT            |
| a Refusal                               | its type                | its class, spelled out    |
| anything else: masked, logged           | InternalFailure         | INTERNAL                  |
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from graphql import FragmentDefinitionNode, GraphQLError, GraphQLSyntaxError

from datastore.errors import BadRequest, Refusal, ResolverError
from schema.selected_data import select

PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
BAD_USER_INPUT: Final = "BAD_USER_INPUT"
INTERNAL: Final = "INTERNAL"

_TYPES = {
    PARSE_FAILED: "GraphQLParseFailed",
    VALIDATION_FAILED: "GraphQLValidationFailed",
    BAD_USER_INPUT: BadRequest.type,
}
# Only raised where a value is read; their text says what is wrong with it.
_READING = (GraphQLError, ValueError, TypeError)


@dataclass(frozen=True)
class Presenter:
    """Presents the errors of one request; `otherwise` is the code of what graphql-core itself reports."""

    request_id: str
    fragments: Mapping[str, FragmentDefinitionNode]

    def present(self, error: GraphQLError, *, otherwise: str) -> dict[str, Any]:
        cause = _cause(error)
        match cause:
            case Refusal():
                data = select(cause.data, error.nodes or (), self.fragments)
                return _shape(error, cause.message, cause.type, code_of(cause), data=data, refusal=cause)
            case GraphQLSyntaxError():
                return _shape(error, error.message, _TYPES[PARSE_FAILED], PARSE_FAILED)
            case _ if _is_about_the_request(error, cause):
                code = str((error.extensions or {}).get("code", otherwise))
                return _shape(error, error.message, _TYPES[code], code)
        return self._mask(error, cause)

    def _mask(self, error: GraphQLError, cause: Exception) -> dict[str, Any]:
        # A Strawberry or graphql-core error that wraps nothing has no traceback; it still says what it is.
        structlog.get_logger().error("internal_error", request_id=self.request_id, exc_info=cause)
        return _shape(error, f"Internal error. Request id: {self.request_id}", "InternalFailure", INTERNAL)


def code_of(refusal: Refusal) -> str:
    """A class's name spelled out; a resolver's own type, without the service before it and the noise after it."""
    match refusal:
        case ResolverError():
            return spell_out(refusal.type.rpartition(":")[2].removesuffix("Exception"))
        case _ if type(refusal) is BadRequest:
            return BAD_USER_INPUT
    return spell_out(type(refusal).__name__)


def spell_out(name: str) -> str:
    """ConditionFailed as CONDITION_FAILED."""
    return re.sub(r"[^A-Z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()).strip("_")


def _cause(error: GraphQLError) -> Exception:
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error:
        cause = cause.original_error
    return cause


def _is_about_the_request(error: GraphQLError, cause: Exception) -> bool:
    """Whether graphql-core said it of the document or its values, and not of what a resolver returned.

    While a field runs, what it says of an argument names the argument; of a result it names nothing.
    """
    if error.path is None:
        return isinstance(cause, _READING)
    return isinstance(cause, GraphQLError) and bool(cause.nodes) and cause is not error


def _shape(
    error: GraphQLError, message: str, error_type: str, code: str, *, data: Any = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    locations = [{"line": each.line, "column": each.column, "sourceName": None} for each in error.locations or ()]
    extensions: dict[str, Any] = {"code": code}
    if refusal and refusal.retryable:
        extensions["retryable"] = True
    return {
        "path": list(error.path) if error.path is not None else None,
        "data": data,
        "errorType": error_type,
        "errorInfo": dict(refusal.info) if refusal and refusal.info is not None else None,
        "locations": locations or None,
        "message": message,
        "extensions": extensions,
    }
