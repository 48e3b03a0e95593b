"""Signature version 4 for DynamoDB's one kind of request: a POST of JSON, with no query."""

import hmac
from hashlib import sha256
from time import gmtime, strftime
from typing import NamedTuple, Protocol, Self

from botocore.credentials import ReadOnlyCredentials

from datastore.wire.endpoint import Endpoint

SERVICE = b"dynamodb"
CONTENT_TYPE = b"application/x-amz-json-1.0"
TARGET = b"DynamoDB_20120810."
USER_AGENT = b"kv-graphql"

_SIGNED = b"content-type;host;x-amz-date;x-amz-target"
_SIGNED_WITH_TOKEN = b"content-type;host;x-amz-date;x-amz-security-token;x-amz-target"
_REQUEST = b"%b%b\r\naccept-encoding: identity\r\nuser-agent: " + USER_AGENT + b"\r\ncontent-length: %d\r\n\r\n%b"
_INNER_PAD = bytes(byte ^ 0x36 for byte in range(256))
_OUTER_PAD = bytes(byte ^ 0x5C for byte in range(256))


class _Hash(Protocol):
    """One of hashlib's, which has no public type."""

    def copy(self) -> Self: ...
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...


class _Scope(NamedTuple):
    """What all requests of one second by the same credentials have in common: the signing key above all.

    `inner` and `outer` are HMAC's two hashes (RFC 2104), that far: hmac.digest would begin both anew for each request.
    """

    date: bytes
    inner: _Hash  # of what is signed, up to the hash of the canonical request
    outer: _Hash
    token_line: bytes  # of the canonical request
    token_header: bytes
    signed: bytes
    credential: bytes


class _Start(NamedTuple):
    """What all requests of one action have in common besides: how they begin."""

    canonical: _Hash  # of the canonical request, up to the hash of the body
    head: bytes  # up to the signature


class Signer:
    """Writes requests for one endpoint. What is the same in all requests of a second is written and hashed once."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._path = endpoint.path.encode()
        self._authority = endpoint.authority.encode()
        self._region = endpoint.region.encode()
        self._second = -1
        self._credentials: ReadOnlyCredentials | None = None
        self._starts: dict[str, _Start] = {}

    def request(self, action: str, body: bytes, *, credentials: ReadOnlyCredentials, second: int) -> bytes:
        """The whole request, signed at that second of Unix time."""
        if second != self._second or credentials is not self._credentials:
            self._scope = self._new_scope(credentials, second)
            self._starts = {}
            self._second, self._credentials = second, credentials
        start = self._starts.get(action)
        if start is None:
            start = self._starts[action] = self._new_start(action)
        canonical = start.canonical.copy()
        canonical.update(sha256(body).hexdigest().encode())
        inner, outer = self._scope.inner.copy(), self._scope.outer.copy()
        inner.update(canonical.hexdigest().encode())
        outer.update(inner.digest())
        return _REQUEST % (start.head, outer.hexdigest().encode(), len(body), body)

    def _new_start(self, action: str) -> _Start:
        scope, target = self._scope, TARGET + action.encode()
        canonical = b"POST\n%b\n\ncontent-type:%b\nhost:%b\nx-amz-date:%b\n%bx-amz-target:%b\n\n%b\n" % (
            self._path,
            CONTENT_TYPE,
            self._authority,
            scope.date,
            scope.token_line,
            target,
            scope.signed,
        )
        head = (
            b"POST %b HTTP/1.1\r\ncontent-type: %b\r\nhost: %b\r\nx-amz-date: %b\r\n%bx-amz-target: %b\r\n"
            b"authorization: AWS4-HMAC-SHA256 Credential=%b, SignedHeaders=%b, Signature="
        ) % (
            self._path,
            CONTENT_TYPE,
            self._authority,
            scope.date,
            scope.token_header,
            target,
            scope.credential,
            scope.signed,
        )
        return _Start(sha256(canonical), head)

    def _new_scope(self, credentials: ReadOnlyCredentials, second: int) -> _Scope:
        date = strftime("%Y%m%dT%H%M%SZ", gmtime(second)).encode()
        day, token = date[:8], (credentials.token or "").encode()
        scope = b"%b/%b/%b/aws4_request" % (day, self._region, SERVICE)
        key = _signing_key(credentials.secret_key.encode(), day, self._region).ljust(sha256().block_size, b"\0")
        return _Scope(
            date=date,
            inner=sha256(key.translate(_INNER_PAD) + b"AWS4-HMAC-SHA256\n%b\n%b\n" % (date, scope)),
            outer=sha256(key.translate(_OUTER_PAD)),
            token_line=b"x-amz-security-token:%b\n" % token if token else b"",
            token_header=b"x-amz-security-token: %b\r\n" % token if token else b"",
            signed=_SIGNED_WITH_TOKEN if token else _SIGNED,
            credential=b"%b/%b" % (credentials.access_key.encode(), scope),
        )


def _signing_key(secret: bytes, day: bytes, region: bytes) -> bytes:
    key = b"AWS4" + secret
    for part in (day, region, SERVICE, b"aws4_request"):
        key = hmac.digest(key, part, "sha256")
    return key
