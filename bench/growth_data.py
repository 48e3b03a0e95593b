"""A local engine's directory with as many items as wanted, written past the API: through it they would take hours."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from itertools import count, islice
from pathlib import Path

from tqdm import tqdm

from bench.fixture import CREATED_AT, Item, key_item
from datastore.attribute_values import tag_item
from datastore.client import connect
from datastore.cursors import KEY_BYTES, CursorSeal
from datastore.entities.tier import TierEntity
from datastore.entities.user import Plan
from datastore.local_engine import local_engine
from datastore.operations import PutItem, TransactWriteItems
from datastore.provisioning import create_tables
from datastore.tables import KV_STORAGE_DATA, USER_QUOTAS
from datastore.wire.client import NativeClient
from resolvers.context import Context, FieldInfo, Identity
from resolvers.mutation import create_namespace, sign_up

REGION = "us-east-1"
WRITES_PER_CALL = 100  # a transaction is one commit, where the engine commits each item of a BatchWriteItem
CALLS_AT_A_TIME = 4
KEYS_OF_ANOTHER = 20  # in each other namespace, which has a user of its own
UNLIMITED = 10**9


def fill(directory: Path, *, keys: int, items: int) -> None:
    """`keys` in the bench's namespace, and others of other users until there are `items` in all.

    A directory that has been filled already is left as it is.
    """
    filled = directory / "filled"
    if filled.exists():
        return
    directory.mkdir(parents=True, exist_ok=True)
    with local_engine(directory) as engine, tqdm(total=items, desc=directory.name, unit=" items", mininterval=1) as bar:
        create_tables(connect(REGION, engine.endpoint_url))
        asyncio.run(_fill(engine.endpoint_url, islice(_items(keys), items), bar))
    filled.touch()


async def _fill(endpoint_url: str, items: Iterator[Item], bar: tqdm) -> None:
    client = NativeClient(region=REGION, endpoint_url=endpoint_url)

    async def write_some() -> None:
        while puts := [_put(item) for item in islice(items, WRITES_PER_CALL)]:
            await client.call("TransactWriteItems", {"TransactItems": puts})
            bar.update(len(puts))

    try:
        await client.call("PutItem", {"TableName": USER_QUOTAS.name, "Item": tag_item(_generous_tier().to_item())})
        await asyncio.gather(*(write_some() for _ in range(CALLS_AT_A_TIME)))
    finally:
        await client.close()


def _put(item: Item) -> dict[str, object]:
    return {"Put": {"TableName": KV_STORAGE_DATA.name, "Item": item}}


def _items(keys: int) -> Iterator[Item]:
    yield from map(key_item, range(keys))
    for number in count():
        yield from _others(number)


def _others(number: int) -> Iterator[Item]:
    """A user as signUp leaves him, his namespace as createNamespace does, and its keys; always the same ones."""
    namespace = f"other-{number}"
    signing_up = _context(number, "signUp", None)
    yield from _put_by(sign_up.request(signing_up, f"{namespace}@example.com", "correct horse"))
    identity = Identity(sign_up.response(signing_up, None).user.user_id)
    yield from _put_by(create_namespace.request(_context(number, "createNamespace", identity), namespace))
    partition = {"S": f"NS#{namespace}"}
    for key in range(KEYS_OF_ANOTHER):
        yield {**key_item(key), "PK": partition, "GSI1PK": partition}


def _context(number: int, field: str, identity: Identity | None) -> Context:
    return Context(
        FieldInfo("Mutation", field),
        identity,
        CursorSeal([bytes(KEY_BYTES)]),
        datetime.fromisoformat(CREATED_AT),
        auto_id=lambda: f"00000000-0000-4000-8000-{number:012}",
        random_bytes=lambda size: number.to_bytes(size),
        prev="$argon2id$of-a-password-that-nobody-knows",  # what the step before signUp's has hashed
    )


def _put_by(transaction: TransactWriteItems) -> Iterator[Item]:
    """What it puts into the table; its conditions would hold, and quotas are in another table."""
    for write in transaction.writes:
        if isinstance(write, PutItem) and write.table is KV_STORAGE_DATA:
            yield tag_item(write.item)


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
