"""The parameters of a GraphQL request, from a JSON body or a query string."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from datastore import json_text
from transport.answers import Refused, malformed


class Parameters(NamedTuple):
    """`digest` names the document by its SHA-256; with it, `query` may be left out."""

    query: str | None
    operation_name: str | None
    variables: Mapping[str, Any]
    digest: str | None = None


def from_body(body: bytes) -> Parameters:
    if not body:
        raise malformed("Request body is empty.")
    return _parameters(_parse(body, "The body"))


def from_query_string(query_string: bytes) -> Parameters:
    try:
        pairs = parse_qsl(query_string.decode(), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError as error:  # UnicodeDecodeError is one
        raise _unreadable("The query string must be UTF-8 and have at most 20 parameters.") from error
    given: dict[str, Any] = {name: value for name, value in pairs if value}
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = _parse(given[name], f"The parameter {name}")
    return _parameters(given)


def _parse(text: bytes | str, what: str) -> Any:
    try:
        return json_text.parse(text)
    except json_text.InvalidJSON as error:
        raise _unreadable(f"{what} is not JSON: {error}", code="BAD_USER_INPUT") from error


def _parameters(given: Any) -> Parameters:
    if isinstance(given, list):
        raise _unreadable("The body is a list; send one operation a request.")
    members: Mapping[str, Any] = given if isinstance(given, dict) else {}
    query = members.get("query")
    if isinstance(query, str) and query.strip():
        _encodable(query)
        return _around(members, query, _digest(members))
    if query is None and (digest := _digest(members)):
        return _around(members, None, digest)
    if "query" in members:
        raise _unreadable("query must be a string that is not empty.")
    raise _unreadable("The query is missing; send an object with a query, or ?query= by GET.")


def _around(given: Mapping[str, Any], query: str | None, digest: str | None) -> Parameters:
    variables = _typed(given, "variables", dict, "an object")
    name = _typed(given, "operationName", str, "a string")
    return Parameters(query, name or None, variables or {}, digest)


def _digest(given: Mapping[str, Any]) -> str | None:
    """Of Apollo's extension persistedQuery, where it is there."""
    match (_typed(given, "extensions", dict, "an object") or {}).get("persistedQuery"):
        case None:
            return None
        case {"version": 1, "sha256Hash": str() as digest} if digest:
            return digest
    raise _unreadable("extensions.persistedQuery must have version 1 and a sha256Hash.")


def _typed(given: Mapping[str, Any], name: str, kind: type, words: str) -> Any:
    value = given.get(name)
    if value is not None and not isinstance(value, kind):
        raise _unreadable(f"{name} must be {words} or null.")
    return value


def _encodable(query: str) -> None:
    try:
        query.encode()
    except UnicodeEncodeError as error:
        raise _unreadable(f"query holds a lone surrogate at position {error.start}.") from error


def _unreadable(detail: str, *, code: str = "BAD_REQUEST") -> Refused:
    """AppSync's sentence first, for those who look for it."""
    return malformed(f"Unable to parse GraphQL query. {detail}", code=code)
