"""The client's limits as set, and what comes of an engine that fails, is away, or loses its answers."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from botocore.client import BaseClient

from datastore.client import ATTEMPTS, BotoClient, connect
from datastore.engine_lock import choose_port
from datastore.errors import OutcomeUnknown, StoreFault, Unavailable
from datastore.local_engine import Engine
from datastore.tables import KV_STORAGE_DATA
from tests.datastore.loopback import LOST, Reply, lose, wire

KEY = {"PK": {"S": "USER#alice"}, "SK": {"S": "METADATA"}}
GET = {"TableName": "any", "Key": KEY}


@asynccontextmanager
async def opened(endpoint_url: str) -> AsyncIterator[BotoClient]:
    client = BotoClient(region="us-east-1", endpoint_url=endpoint_url)
    yield client
    await client.close()


def counting(table_names: Mapping[str, str]) -> dict[str, Any]:
    """An update that shows how often it happened."""
    return {
        "TableName": table_names[KV_STORAGE_DATA.name],
        "Key": KEY,
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }


async def count(client: BotoClient, table_names: Mapping[str, str]) -> str:
    answer = await client.call("GetItem", {"TableName": table_names[KV_STORAGE_DATA.name], "Key": KEY})
    found: str = answer["Item"]["n"]["N"]
    return found


@pytest.mark.parametrize(("attempts", "wanted"), [(ATTEMPTS, 3), (1, 1)])
def test_timeouts_retries_and_pool_are_spelled_out(attempts: int, wanted: int) -> None:
    """R1."""
    made = connect("eu-central-1", "http://127.0.0.1:1", attempts=attempts)
    config = made.meta.config
    assert config.retries == {"mode": "standard", "total_max_attempts": wanted}
    assert (config.connect_timeout, config.read_timeout) == (1, 3)
    assert config.max_pool_connections == 40
    assert config.tcp_keepalive
    assert made.meta.region_name == "eu-central-1"
    made.close()


def credentials(client: BaseClient) -> str | None:
    found = client._request_signer._credentials
    return found.access_key if found else None


def test_an_engine_on_this_machine_gets_none_of_the_user_s_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the-users-own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert credentials(connect("us-east-1", f"http://{host}:8000")) == "local"
    assert credentials(connect("us-east-1")) == "the-users-own"
    assert credentials(connect("us-east-1", "https://dynamodb.example.com")) == "the-users-own"


async def test_a_server_without_credentials_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    client = BotoClient(region="us-east-1")
    with pytest.raises(Unavailable, match="no AWS credentials"):
        await client.call("GetItem", GET)
    await client.close()


@pytest.mark.parametrize("repeatable", [True, False])
async def test_an_engine_that_is_not_there_is_unavailable_and_soon(repeatable: bool) -> None:
    async with opened(f"http://127.0.0.1:{choose_port(None)}") as client:
        start = time.monotonic()
        with pytest.raises(Unavailable, match="not answering"):
            await client.call("UpdateItem", {"TableName": "any", "Key": KEY}, repeatable=repeatable)
        assert time.monotonic() - start < 5


async def test_many_calls_run_at_once(client: BotoClient, table_names: Mapping[str, str]) -> None:
    await asyncio.gather(*(client.call("UpdateItem", counting(table_names)) for _ in range(50)))
    assert await count(client, table_names) == "50"


async def test_a_lost_answer_to_what_may_be_repeated_is_asked_for_again(
    engine: Engine, table_names: Mapping[str, str]
) -> None:
    put = {"TableName": table_names[KV_STORAGE_DATA.name], "Item": KEY}
    with wire(lose("PutItem"), engine.endpoint_url) as between:
        async with opened(between.endpoint_url) as client:
            await client.call("PutItem", put)
    assert between.actions == ["PutItem", "PutItem"]


async def test_a_lost_answer_to_what_must_not_be_repeated_is_an_unknown_outcome_sent_once(
    engine: Engine, client: BotoClient, table_names: Mapping[str, str]
) -> None:
    """R3: the count below would be 2 if the client had sent it again."""
    with wire(lose("UpdateItem"), engine.endpoint_url) as between:
        async with opened(between.endpoint_url) as losing:
            with pytest.raises(OutcomeUnknown, match="may have happened or not"):
                await losing.call("UpdateItem", counting(table_names), repeatable=False)
    assert between.actions == ["UpdateItem"]
    assert await count(client, table_names) == "1"


async def test_a_transaction_whose_answer_is_lost_happens_once(
    engine: Engine, client: BotoClient, table_names: Mapping[str, str]
) -> None:
    """R3: the client's own repeat carries the same token."""
    with wire(lose("TransactWriteItems"), engine.endpoint_url) as between:
        async with opened(between.endpoint_url) as losing:
            await losing.call("TransactWriteItems", {"TransactItems": [{"Update": counting(table_names)}]})
    assert between.actions == ["TransactWriteItems"] * 2
    assert await count(client, table_names) == "1"


HTML = b"<html>Bad Gateway</html>"
CLASS = b'{"__type": "com.amazonaws.dynamodb.v20120810#%s", "message": "as told"}'


@pytest.mark.parametrize(
    ("reply", "repeatable", "meaning", "calls"),
    [
        (Reply(502, HTML), True, Unavailable, 3),
        (Reply(503, HTML), True, Unavailable, 3),
        (Reply(503, HTML), False, OutcomeUnknown, 1),
        (Reply(500, CLASS % b"InternalServerError"), True, Unavailable, 3),
        (Reply(500, CLASS % b"InternalServerError"), False, OutcomeUnknown, 1),
        (Reply(400, CLASS % b"ProvisionedThroughputExceededException"), True, Unavailable, 3),
        (Reply(400, CLASS % b"ThrottlingException"), False, Unavailable, 1),
        (Reply(200, b'{"Item": {"PK"', promised=200), True, Unavailable, 1),
        (Reply(200, b'{"Item": {"PK"', promised=200), False, OutcomeUnknown, 1),
        (Reply(200, b"not JSON"), True, Unavailable, 1),
        (LOST, True, Unavailable, 3),
        (Reply(200, b"\xff"), False, OutcomeUnknown, 1),
        (Reply(400, CLASS % b"ExpiredTokenException"), True, Unavailable, 1),
        (Reply(400, CLASS % b"AccessDeniedException"), True, StoreFault, 1),
        (Reply(400, CLASS % b"ResourceNotFoundException"), True, StoreFault, 1),
    ],
    ids=lambda value: f"{value.status}-{value.body[51:75].decode()}" if isinstance(value, Reply) else None,
)
async def test_each_failure_of_the_way_has_one_meaning_and_at_most_three_tries(
    reply: Reply, repeatable: bool, meaning: type[Exception], calls: int
) -> None:
    """R9."""

    def always(action: str, number: int, forward: Callable[[], Reply]) -> Reply:
        return reply

    with wire(always) as between:
        async with opened(between.endpoint_url) as client:
            with pytest.raises(meaning):
                await client.call("GetItem", GET, repeatable=repeatable)
    assert between.actions == ["GetItem"] * calls
