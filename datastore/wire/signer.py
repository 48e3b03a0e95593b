"""Signature version 4 for DynamoDB's one kind of request: a POST of JSON, with no query."""

import hmac
from hashlib import sha256
from time import gmtime, strftime
from typing import NamedTuple

from botocore.credentials import ReadOnlyCredentials

from datastore.wire.endpoint import Endpoint

SERVICE = b"dynamodb"
CONTENT_TYPE = b"application/x-amz-json-1.0"
TARGET = b"DynamoDB_20120810."
USER_AGENT = b"kv-graphql"

_SIGNED = b"content-type;host;x-amz-date;x-amz-target"
_SIGNED_WITH_TOKEN = b"content-type;host;x-amz-date;x-amz-security-token;x-amz-target"


class _Scope(NamedTuple):
    """What all requests of one second by the same credentials have in common: the signing key above all."""

    date: bytes
    scope: bytes
    key: bytes
    access_key: bytes
    token_line: bytes  # of the canonical request
    token_header: bytes
    signed: bytes


class Signer:
    """Writes requests for one endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._path = endpoint.path.encode()
        self._authority = endpoint.authority.encode()
        self._region = endpoint.region.encode()
        self._second = -1
        self._credentials: ReadOnlyCredentials | None = None

    def request(self, action: str, body: bytes, *, credentials: ReadOnlyCredentials, second: int) -> bytes:
        """The whole request, signed at that second of Unix time."""
        if second != self._second or credentials is not self._credentials:
            self._scope = self._new_scope(credentials, second)
            self._second, self._credentials = second, credentials
        date, scope, key, access_key, token_line, token_header, signed = self._scope
        target = TARGET + action.encode()
        canonical = b"POST\n%b\n\ncontent-type:%b\nhost:%b\nx-amz-date:%b\n%bx-amz-target:%b\n\n%b\n%b" % (
            self._path,
            CONTENT_TYPE,
            self._authority,
            date,
            token_line,
            target,
            signed,
            sha256(body).hexdigest().encode(),
        )
        to_sign = b"AWS4-HMAC-SHA256\n%b\n%b\n%b" % (date, scope, sha256(canonical).hexdigest().encode())
        return (
            b"POST %b HTTP/1.1\r\ncontent-type: %b\r\nhost: %b\r\nx-amz-date: %b\r\n%bx-amz-target: %b\r\n"
            b"authorization: AWS4-HMAC-SHA256 Credential=%b/%b, SignedHeaders=%b, Signature=%b\r\n"
            b"accept-encoding: identity\r\nuser-agent: %b\r\ncontent-length: %d\r\n\r\n%b"
        ) % (
            self._path,
            CONTENT_TYPE,
            self._authority,
            date,
            token_header,
            target,
            access_key,
            scope,
            signed,
            hmac.digest(key, to_sign, "sha256").hex().encode(),
            USER_AGENT,
            len(body),
            body,
        )

    def _new_scope(self, credentials: ReadOnlyCredentials, second: int) -> _Scope:
        date = strftime("%Y%m%dT%H%M%SZ", gmtime(second)).encode()
        day, token = date[:8], (credentials.token or "").encode()
        return _Scope(
            date=date,
            scope=b"%b/%b/%b/aws4_request" % (day, self._region, SERVICE),
            key=_signing_key(credentials.secret_key.encode(), day, self._region),
            access_key=credentials.access_key.encode(),
            token_line=b"x-amz-security-token:%b\n" % token if token else b"",
            token_header=b"x-amz-security-token: %b\r\n" % token if token else b"",
            signed=_SIGNED_WITH_TOKEN if token else _SIGNED,
        )


def _signing_key(secret: bytes, day: bytes, region: bytes) -> bytes:
    key = b"AWS4" + secret
    for part in (day, region, SERVICE, b"aws4_request"):
        key = hmac.digest(key, part, "sha256")
    return key
