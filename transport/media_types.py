"""Media types: which body a request has, and which it wants (RFC 9110 sections 8.3 and 12.5.1)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from transport.answers import JSON_TYPE, RESPONSE_TYPE, Refused, malformed

# AppSync's own samples send the same JSON as application/graphql.
BODY_TYPES = (JSON_TYPE, "application/graphql")
_REMEMBERED = 64  # clients of one kind send the same headers each time
_Q = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


def essence(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


@lru_cache(maxsize=_REMEMBERED)
def check_body_type(content_type: str | None, content_encoding: str | None) -> None:
    """Raises Refused unless the body is JSON in UTF-8, not compressed."""
    if content_encoding is not None:
        raise malformed("Content-Encoding is not supported; send the body as it is.", status=415)
    if content_type is None or essence(content_type) not in BODY_TYPES:
        raise malformed("Content-Type must be application/json.", status=415)
    charset = dict(_parameters(content_type)).get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise malformed("The charset must be utf-8.", status=415)


@lru_cache(maxsize=_REMEMBERED)
def response_type(accept: str | None) -> str:
    """application/json unless the other is asked for by name, and not less; Refused where neither will do."""
    if not accept:
        return JSON_TYPE
    ranges = dict(media_ranges(accept))
    anything = ranges.get("application/*", ranges.get("*/*", 0.0))
    by_name = {name: ranges[name] for name in ranges if name in (JSON_TYPE, RESPONSE_TYPE)}
    # max() keeps the first of equals, in the order that the client wrote them.
    best = max(by_name, key=by_name.__getitem__, default=JSON_TYPE)
    if by_name.get(best, 0.0) > 0:
        return best
    if anything > 0 and JSON_TYPE not in by_name:
        return JSON_TYPE
    raise Refused(406, "NotAcceptable", f"Accept must allow {JSON_TYPE} or {RESPONSE_TYPE}.", "NOT_ACCEPTABLE")


def media_ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Media ranges of an Accept header and their q; a q that is none counts as 0."""
    for each in accept.split(","):
        q = dict(_parameters(each)).get("q", "1")
        yield essence(each), float(q) if _Q.fullmatch(q) else 0.0


def _parameters(media_type: str) -> Iterator[tuple[str, str]]:
    for parameter in media_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        yield name.strip().lower(), value.strip().strip('"')
