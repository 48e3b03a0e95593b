"""A local engine's directory with as many keys as wanted, written past the API: through it they would take hours."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from bench.fixture import CREATED_AT, Item, key_item
from datastore.attribute_values import tag_item
from datastore.client import connect
from datastore.entities.tier import TierEntity
from datastore.entities.user import Plan
from datastore.local_engine import local_engine
from datastore.provisioning import create_tables
from datastore.tables import KV_STORAGE_DATA, USER_QUOTAS
from datastore.wire.client import NativeClient

REGION = "us-east-1"
WRITES_PER_CALL = 25
CALLS_AT_A_TIME = 8
KEYS_OF_ANOTHER = 1_000  # in each other namespace, which has a user of its own
UNLIMITED = 10**9

Say = Callable[[int], None]


def fill(directory: Path, *, keys: int, items: int, say: Say) -> None:
    """`keys` in the bench's namespace, and others of other users until there are `items` in all."""
    with local_engine(directory) as engine:
        create_tables(connect(REGION, engine.endpoint_url))
        asyncio.run(_fill(engine.endpoint_url, islice(_items(keys), max(keys, items)), say))


async def _fill(endpoint_url: str, items: Iterator[Item], say: Say) -> None:
    client = NativeClient(region=REGION, endpoint_url=endpoint_url)
    done = 0

    async def write_some() -> None:
        nonlocal done
        while batch := [{"PutRequest": {"Item": item}} for item in islice(items, WRITES_PER_CALL)]:
            wanted: Any = {KV_STORAGE_DATA.name: batch}
            while wanted:
                wanted = (await client.call("BatchWriteItem", {"RequestItems": wanted})).get("UnprocessedItems")
            done += len(batch)
            say(done)

    try:
        await client.call("PutItem", {"TableName": USER_QUOTAS.name, "Item": tag_item(_generous_tier().to_item())})
        await asyncio.gather(*(write_some() for _ in range(CALLS_AT_A_TIME)))
    finally:
        await client.close()


def _items(keys: int) -> Iterator[Item]:
    yield from map(key_item, range(keys))
    other = 0
    while True:
        yield from _others(other)
        other += 1


def _others(other: int) -> Iterator[Item]:
    """A user, a namespace, and its keys."""
    user, namespace = f"other{other}", f"other-{other}"
    times = {"createdAt": CREATED_AT, "updatedAt": CREATED_AT}
    yield tag_item({"PK": f"USER#{user}", "SK": "METADATA", "entityType": "USER", "userId": user, **times})
    yield tag_item({"PK": f"NS#{namespace}", "SK": "METADATA", "entityType": "NAMESPACE", "ownerId": user, **times})
    for number in range(KEYS_OF_ANOTHER):
        item = key_item(number)
        partition = {"S": f"NS#{namespace}"}
        yield {**item, "PK": partition, "GSI1PK": partition}


def _generous_tier() -> TierEntity:
    """The administrator's: it is not limits that are measured."""
    return TierEntity.new(
        Plan.SCALE,
        CREATED_AT,
        max_namespaces=UNLIMITED,
        max_keys_per_namespace=None,
        max_storage_bytes=UNLIMITED * 1_000,
        max_value_bytes=UNLIMITED,
        requests_per_month=UNLIMITED,
        requests_per_second=UNLIMITED,
    )
