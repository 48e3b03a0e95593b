"""Batches of any size: split at DynamoDB's limits, and asked again for what it left unprocessed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from datastore.access_patterns import PrimaryKey
from datastore.attribute_values import untag_item
from datastore.backoff import pause
from datastore.client import Client
from datastore.errors import Unavailable
from datastore.operations import BatchGetItem, BatchWriteItem, Item
from datastore.requests import TableName, batch_get, batch_write
from datastore.tables import Table

KEYS_PER_READ = 100
WRITES_PER_CALL = 25
ATTEMPTS = 8

T = TypeVar("T")
Action: TypeAlias = tuple[str, Mapping[str, Any]]  # the name of its table, and a PutRequest or a DeleteRequest


async def get_items(client: Client, operation: BatchGetItem, name_of: TableName) -> tuple[Item | None, ...]:
    """Every item asked for, in order; Unavailable when DynamoDB goes on leaving keys out."""
    found: dict[PrimaryKey, Item] = {}
    distinct = list(dict.fromkeys(operation.keys))  # DynamoDB refuses a key named twice
    for chunk in _chunks(distinct, KEYS_PER_READ):
        found |= await _get_chunk(client, chunk, name_of, consistent=operation.consistent)
    return tuple(found.get(key) for key in operation.keys)


async def _get_chunk(
    client: Client, wanted: Sequence[PrimaryKey], name_of: TableName, *, consistent: bool
) -> dict[PrimaryKey, Item]:
    tables = {name_of(key.table): key.table for key in wanted}
    asked = len(wanted)
    found: dict[PrimaryKey, Item] = {}
    for attempt in range(ATTEMPTS):
        if attempt:
            await pause(attempt - 1)
        answer = await client.call("BatchGetItem", batch_get(wanted, name_of, consistent=consistent))
        for name, items in answer["Responses"].items():
            found |= {_key_of(item, tables[name]): untag_item(item) for item in items}
        left = answer.get("UnprocessedKeys", {})
        wanted = [_key_of(key, tables[name]) for name, request in left.items() for key in request["Keys"]]
        if not wanted:
            return found
    raise Unavailable(f"The table left {len(wanted)} of {asked} items unread; try again in a moment.", partly=True)


async def write_items(client: Client, operation: BatchWriteItem, name_of: TableName) -> tuple[PrimaryKey, ...]:
    """Put and delete all; answers the keys that DynamoDB would not take even when asked again."""
    tables = {name_of(key.table): key.table for key in operation.keys}
    actions = _actions(batch_write(operation, name_of)["RequestItems"])
    left: list[PrimaryKey] = []
    for chunk in _chunks(actions, WRITES_PER_CALL):
        left += [_key_written(action, tables[name]) for name, action in await _write_chunk(client, chunk)]
    return tuple(left)


async def _write_chunk(client: Client, actions: Sequence[Action]) -> Sequence[Action]:
    for attempt in range(ATTEMPTS):
        if attempt:
            await pause(attempt - 1)
        request: dict[str, list[Any]] = {}
        for name, action in actions:
            request.setdefault(name, []).append(action)
        try:
            answer = await client.call("BatchWriteItem", {"RequestItems": request})
        except Unavailable:
            return actions  # earlier chunks are written: the caller is told which keys are not
        actions = _actions(answer.get("UnprocessedItems", {}))
        if not actions:
            break
    return actions


def _actions(by_table: Mapping[str, Sequence[Any]]) -> Sequence[Action]:
    return [(name, action) for name, actions in by_table.items() for action in actions]


def _key_written(action: Mapping[str, Any], table: Table) -> PrimaryKey:
    return _key_of(action["PutRequest"]["Item"] if "PutRequest" in action else action["DeleteRequest"]["Key"], table)


def _key_of(tagged: Mapping[str, Any], table: Table) -> PrimaryKey:
    return PrimaryKey(tagged["PK"]["S"], tagged["SK"]["S"], table)


def _chunks(sequence: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (sequence[start : start + size] for start in range(0, len(sequence), size))
