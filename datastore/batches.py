"""Batches of any size: split at DynamoDB's limits, and asked again for what it left unprocessed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from datastore.access_patterns import PrimaryKey
from datastore.attribute_values import tag_item, untag_item
from datastore.backoff import pause
from datastore.client import Client
from datastore.errors import Unavailable
from datastore.operations import BatchGetItem, BatchWriteItem, Item
from datastore.requests import TableName, batch_key

KEYS_PER_READ = 100
WRITES_PER_CALL = 25
ATTEMPTS = 8

T = TypeVar("T")


async def get_items(client: Client, operation: BatchGetItem, name_of: TableName) -> tuple[Item | None, ...]:
    """Every item asked for, in order; Unavailable when DynamoDB goes on leaving keys out."""
    found: dict[PrimaryKey, Item] = {}
    distinct = list(dict.fromkeys(operation.keys))  # DynamoDB refuses a key named twice
    for chunk in _chunks(distinct, KEYS_PER_READ):
        found |= await _get_chunk(client, operation, name_of(operation.table), chunk)
    return tuple(found.get(key) for key in operation.keys)


async def _get_chunk(
    client: Client, operation: BatchGetItem, table: str, keys: Sequence[PrimaryKey]
) -> dict[PrimaryKey, Item]:
    found: dict[PrimaryKey, Item] = {}
    wanted: list[Any] = [batch_key(key) for key in keys]
    for attempt in range(ATTEMPTS):
        if attempt:
            await pause(attempt - 1)
        request = {"Keys": wanted} | ({"ConsistentRead": True} if operation.consistent else {})
        answer = await client.call("BatchGetItem", {"RequestItems": {table: request}})
        items = map(untag_item, answer["Responses"].get(table, ()))
        found |= {PrimaryKey(item["PK"], item["SK"]): item for item in items}
        wanted = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
        if not wanted:
            return found
    raise Unavailable(f"The table left {len(wanted)} of {len(keys)} items unread; try again in a moment.")


async def write_items(client: Client, operation: BatchWriteItem, name_of: TableName) -> tuple[PrimaryKey, ...]:
    """Put and delete all; answers the keys that DynamoDB would not take even when asked again."""
    table = name_of(operation.table)
    actions = [{"PutRequest": {"Item": tag_item(item)}} for item in operation.puts]
    actions += [{"DeleteRequest": {"Key": batch_key(key)}} for key in operation.deletes]
    left: list[PrimaryKey] = []
    for chunk in _chunks(actions, WRITES_PER_CALL):
        left += map(_key_of, await _write_chunk(client, table, chunk))
    return tuple(left)


async def _write_chunk(client: Client, table: str, actions: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    for attempt in range(ATTEMPTS):
        if attempt:
            await pause(attempt - 1)
        try:
            answer = await client.call("BatchWriteItem", {"RequestItems": {table: actions}})
        except Unavailable:
            return actions  # earlier chunks are written: the caller is told which keys are not
        actions = answer.get("UnprocessedItems", {}).get(table, [])
        if not actions:
            break
    return actions


def _key_of(action: Mapping[str, Any]) -> PrimaryKey:
    key = action["PutRequest"]["Item"] if "PutRequest" in action else action["DeleteRequest"]["Key"]
    return PrimaryKey(key["PK"]["S"], key["SK"]["S"])


def _chunks(sequence: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (sequence[start : start + size] for start in range(0, len(sequence), size))
