"""What the log line and the metrics tell of one request, gathered while it is answered."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from starlette.types import Scope

from datastore.uuids import make_uuid

_KEY: Final = "kv.record"
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(slots=True)
class RequestRecord:
    """Filled by whoever learns something; no field holds text that a caller chose, but for checked names."""

    request_id: str
    operation_type: str | None = None
    operation_name: str | None = None
    user_id: str | None = None
    codes: tuple[str, ...] = ()
    rate_limits: Mapping[str, str] = field(default_factory=dict)
    context: Any = field(default=None, repr=False)


def start_record(scope: Scope) -> RequestRecord:
    record = RequestRecord(_request_id(scope["headers"]))
    scope[_KEY] = record
    return record


def record_of(scope: Scope) -> RequestRecord:
    return cast(RequestRecord, scope[_KEY])


def _request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The caller's, where it can't be mistaken for anything else in a log."""
    given = next((value.decode("latin-1") for name, value in headers if name == b"x-request-id"), "")
    return given if _REQUEST_ID.fullmatch(given) else make_uuid()
