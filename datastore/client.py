"""The DynamoDB client: boto3 with its limits spelled out, called in threads, its faults told in our own words."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, IncompleteReadError

from datastore.faults import translate_answer, translate_transport
from datastore.reads import Reads

POOL_SIZE = 40
CONNECT_SECONDS = 1
READ_SECONDS = 3
ATTEMPTS = 3
LOOPBACK = ("localhost", "127.0.0.1", "::1")

_METHODS = {
    "GetItem": "get_item",
    "PutItem": "put_item",
    "UpdateItem": "update_item",
    "DeleteItem": "delete_item",
    "Query": "query",
    "BatchGetItem": "batch_get_item",
    "BatchWriteItem": "batch_write_item",
    "TransactWriteItems": "transact_write_items",
}


class Client(Protocol):
    """One call of DynamoDB's API: action and parameters in, the answer as the API has it out.

    `reads`: how the answer may be read instead, by a client that has its bytes.
    """

    async def call(
        self, action: str, parameters: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Mapping[str, Any]: ...

    async def close(self) -> None: ...


class BotoClient:
    """Two boto3 clients on one thread pool: one that tries three times, one for what must not be sent twice."""

    def __init__(self, *, region: str, endpoint_url: str | None = None) -> None:
        self._threads = ThreadPoolExecutor(POOL_SIZE, thread_name_prefix="dynamodb")
        self._repeating = connect(region, endpoint_url)
        self._once = connect(region, endpoint_url, attempts=1)

    async def call(
        self, action: str, parameters: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Mapping[str, Any]:
        """Raises a Refusal: what DynamoDB refused, or Unavailable, or OutcomeUnknown where it was sent only once."""
        method = getattr(self._repeating if repeatable else self._once, _METHODS[action])
        loop = asyncio.get_running_loop()
        try:
            answer: Mapping[str, Any] = await loop.run_in_executor(self._threads, lambda: method(**parameters))
        except ClientError as error:
            raise translate_answer(error.response, repeatable=repeatable) from error
        except BotoCoreError as error:
            raise translate_transport(error, repeatable=repeatable) from error
        return answer

    async def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._repeating.close()
        self._once.close()


def connect(
    region: str, endpoint_url: str | None = None, *, attempts: int = ATTEMPTS, service: str = "dynamodb"
) -> BaseClient:
    """A boto3 client. An engine on this machine checks no signature, so it gets none of the user's credentials."""
    on_this_machine = endpoint_url is not None and urlsplit(endpoint_url).hostname in LOOPBACK
    made_up = {"aws_access_key_id": "local", "aws_secret_access_key": "local"} if on_this_machine else {}
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=POOL_SIZE,
        tcp_keepalive=True,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
    session = boto3.Session(region_name=region)
    client = session.client(service, endpoint_url=endpoint_url, config=config, **made_up)
    client.meta.events.register("before-parse", _refuse_half_an_answer)
    return client


def _refuse_half_an_answer(response_dict: Mapping[str, Any], **_: Any) -> None:
    """botocore reads a success that is cut off, or is no JSON, as an empty one: an item would seem to be absent."""
    body: bytes = response_dict["body"]
    promised = int(response_dict["headers"].get("content-length", len(body)))
    whole = len(body) == promised and body.startswith(b"{") and body.rstrip().endswith(b"}")
    if response_dict["status_code"] == HTTPStatus.OK and not whole:
        raise IncompleteReadError(actual_bytes=len(body), expected_bytes=promised)
