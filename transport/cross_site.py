"""Keeps other sites from making a browser send requests here on its own (CSRF).

Apollo's rule: a browser must have had to ask first (a preflight), which it has where the content type is not
one that forms send, or where a header is set that only scripts can set. Credentials in headers are such ones: a
browser adds none by itself. It does add cookies; where they are accepted, the rule holds for POST as well.
"""

from collections.abc import Mapping

from transport.answers import Refused
from transport.media_types import essence

_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
PREFLIGHT_HEADERS = (
    "apollo-require-preflight",
    "x-apollo-operation-name",
    "graphql-require-preflight",
    "x-graphql-yoga-csrf",
)
_CREDENTIALS = ("x-api-key", "authorization")


def check_preflighted(headers: Mapping[str, str]) -> None:
    content_type = essence(headers.get("content-type", ""))
    if content_type and content_type not in _FORM_TYPES:
        return
    if not any(headers.get(name) for name in (*PREFLIGHT_HEADERS, *_CREDENTIALS)):
        raise Refused(
            400,
            "BadRequestException",
            "Send credentials in a header, Content-Type: application/json,"
            " or a header that only scripts can set, such as GraphQL-Require-Preflight: 1.",
            "CSRF_PREVENTION",
        )
