"""Signatures are botocore's own, for any body, credentials, endpoint and moment."""

from datetime import UTC, datetime
from functools import cache
from typing import Any
from unittest.mock import patch

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.wire.endpoint import Endpoint, resolve
from datastore.wire.signer import Signer

NAME = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+=", min_size=1, max_size=60)
REGION = st.sampled_from(["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"])
URL = st.sampled_from(
    [
        "http://127.0.0.1:8000",
        "https://dynamodb.eu-central-1.amazonaws.com",
        "https://[::1]:8443/",
        "http://proxy.example:80/alternator/../db b/%20",
        "http://proxy.example/a//b/é",
    ]
)
SECOND = st.integers(min_value=0, max_value=4_102_444_800)
CREDENTIALS = st.builds(ReadOnlyCredentials, NAME, NAME, st.none() | NAME)
ACTION = st.sampled_from(["GetItem", "Query", "TransactWriteItems"])


@cache
def endpoint(url: str, region: str) -> Endpoint:
    return resolve(botocore.session.Session(), region, url)


def headers_of(request: bytes) -> dict[str, str]:
    head = request.partition(b"\r\n\r\n")[0].decode()
    return dict(line.split(": ", 1) for line in head.split("\r\n")[1:])


def signed_by_botocore(request: bytes, url: str, credentials: ReadOnlyCredentials, region: str, second: int) -> str:
    """The Authorization header that botocore gives to a request of these headers and this body."""
    own = headers_of(request)
    skipped = {"authorization", "host", "x-amz-date", "x-amz-security-token"}  # which botocore writes itself
    headers = {name: value for name, value in own.items() if name not in skipped}
    theirs = AWSRequest("POST", url, headers=headers, data=request.partition(b"\r\n\r\n")[2])
    moment = datetime.fromtimestamp(second, UTC).replace(tzinfo=None)
    with patch("botocore.auth.get_current_datetime", lambda: moment):
        SigV4Auth(Credentials(*credentials), "dynamodb", region).add_auth(theirs)
    assert theirs.headers["X-Amz-Date"] == own["x-amz-date"]
    assert theirs.headers["X-Amz-Security-Token"] == own.get("x-amz-security-token")
    authorization: str = theirs.headers["Authorization"]
    return authorization


# botocore signs every header that is not on its list; ours are the ones that matter to DynamoDB.
UNSIGNED = ("accept-encoding", "content-length")


def without_unsigned(request: bytes) -> bytes:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(tuple(name.encode() for name in UNSIGNED))]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@settings(max_examples=400, deadline=None, print_blob=True)
@given(ACTION, st.binary(max_size=300), CREDENTIALS, URL, REGION, SECOND)
def test_a_request_is_signed_as_botocore_signs_it(
    action: str, body: bytes, credentials: ReadOnlyCredentials, url: str, region: str, second: int
) -> None:
    request = Signer(endpoint(url, region)).request(action, body, credentials=credentials, second=second)
    assert headers_of(request)["authorization"] == signed_by_botocore(
        without_unsigned(request), url, credentials, region, second
    )


@settings(max_examples=50, deadline=None, print_blob=True)
@given(st.lists(st.tuples(CREDENTIALS, SECOND | st.just(0), ACTION, st.binary(max_size=20)), min_size=2, max_size=6))
def test_what_a_signer_remembers_of_earlier_requests_changes_none(calls: list[tuple[Any, int, str, bytes]]) -> None:
    local = endpoint("http://127.0.0.1:8000", "us-east-1")
    signer = Signer(local)
    for credentials, second, action, body in calls + calls:
        fresh = Signer(local).request(action, body, credentials=credentials, second=second)
        assert signer.request(action, body, credentials=credentials, second=second) == fresh


def test_a_request_is_one_of_http_1_1_with_its_length() -> None:
    signer = Signer(endpoint("http://127.0.0.1:8000", "us-east-1"))
    request = signer.request("GetItem", b'{"a":1}', credentials=ReadOnlyCredentials("id", "secret", None), second=0)
    assert request.startswith(b"POST / HTTP/1.1\r\n")
    assert request.endswith(b'\r\n\r\n{"a":1}')
    headers = headers_of(request)
    assert headers["host"] == "127.0.0.1:8000"
    assert headers["content-length"] == "7"
    assert headers["content-type"] == "application/x-amz-json-1.0"
    assert headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert headers["x-amz-date"] == "19700101T000000Z"
    assert "x-amz-security-token" not in headers
