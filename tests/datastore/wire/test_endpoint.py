"""Where DynamoDB is: what the operator says, or what botocore knows."""

import botocore.session
import pytest

from datastore.wire.endpoint import Endpoint, resolve


def resolved(region: str = "us-east-1", url: str | None = None) -> Endpoint:
    return resolve(botocore.session.Session(), region, url)


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-east-1", "dynamodb.us-east-1.amazonaws.com"),
        ("eu-central-1", "dynamodb.eu-central-1.amazonaws.com"),
        ("cn-north-1", "dynamodb.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_each_partition_of_aws_has_its_hosts(region: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    found = resolved(region)
    assert (found.host, found.port, found.authority, found.path) == (host, 443, host, "/")
    assert found.region == region
    assert found.tls is not None


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"])
def test_the_endpoint_may_stand_in_aws_s_own_variables(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "http://dynamo.example:4566")
    assert resolved() == Endpoint("dynamo.example", 4566, "dynamo.example:4566", "/", "us-east-1", None)
    assert resolved(url="http://127.0.0.1:8000").host == "127.0.0.1"


@pytest.mark.parametrize(
    ("url", "host", "port", "authority", "path"),
    [
        ("http://localhost", "localhost", 80, "localhost", "/"),
        ("http://[::1]:8000/", "::1", 8000, "[::1]:8000", "/"),
        ("HTTP://Alternator.Example:80/a b/../c", "alternator.example", 80, "alternator.example", "/c"),
    ],
)
def test_an_endpoint_is_read_from_its_url(url: str, host: str, port: int, authority: str, path: str) -> None:
    assert resolved(url=url) == Endpoint(host, port, authority, path, "us-east-1", None)


@pytest.mark.parametrize("url", ["ftp://localhost", "localhost:8000", "http://", "nonsense"])
def test_what_is_no_endpoint_is_refused_with_what_one_looks_like(url: str) -> None:
    with pytest.raises(ValueError, match="must look like https://host"):
        resolved(url=url)
