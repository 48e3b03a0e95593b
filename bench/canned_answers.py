"""What the canned endpoint answers: constants from the bench's data, chosen by operation and key."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from bench.fixture import NAMESPACE, PAGE, VERSION, Item, items, key_item
from datastore.provisioning import creation_request
from datastore.tables import TABLES, Table

Request = Mapping[str, Any]
Answer = Callable[[Request], bytes]

UNKNOWN = b'{"__type":"com.amazon.coral.service#UnknownOperationException","message":"Not canned."}'


def answers() -> dict[bytes, Answer]:
    """One function for each operation that a contestant may send, by its name in x-amz-target."""
    stored = {_key(item): orjson.dumps(item) for item in items()}
    before = {_key(item): orjson.dumps({"Attributes": item}) for item in items()}
    after = {_key(item): _updated(item) for item in items()}
    got = {key: b'{"Item":%b}' % item for key, item in stored.items()}
    page = orjson.dumps({"Items": [key_item(n) for n in range(PAGE)], "Count": PAGE, "ScannedCount": PAGE})
    described = {table.name: _description(table) for table in TABLES}
    expiring = {table.name: _time_to_live(table) for table in TABLES}

    def update(request: Request) -> bytes:
        images = {"ALL_OLD": before, "ALL_NEW": after}.get(request.get("ReturnValues", "NONE"), {})
        return images.get(_key(request["Key"]), b"{}")

    return {
        b"GetItem": lambda request: got.get(_key(request["Key"]), b"{}"),
        b"BatchGetItem": lambda request: _batch(request, stored),
        b"Query": lambda request: page if _asks_for_keys(request) else b'{"Items":[],"Count":0,"ScannedCount":0}',
        b"UpdateItem": update,
        b"PutItem": lambda _: b"{}",
        b"DeleteItem": lambda _: b"{}",
        b"TransactWriteItems": lambda _: b"{}",
        b"BatchWriteItem": lambda _: b'{"UnprocessedItems":{}}',
        b"ListTables": lambda _: orjson.dumps({"TableNames": list(described)}),
        b"DescribeTable": lambda request: described[request["TableName"]],
        b"DescribeTimeToLive": lambda request: expiring[request["TableName"]],
    }


def _key(item: Mapping[str, Any]) -> tuple[str, str]:
    return item["PK"]["S"], item["SK"]["S"]


def _updated(item: Item) -> bytes:
    return orjson.dumps({"Attributes": {**item, "version": {"N": str(VERSION + 1)}}})


def _batch(request: Request, stored: Mapping[tuple[str, str], bytes]) -> bytes:
    tables = (
        b'"%b":[%b]' % (table.encode(), b",".join(stored[key] for key in map(_key, asked["Keys"]) if key in stored))
        for table, asked in request["RequestItems"].items()
    )
    return b'{"Responses":{%b},"UnprocessedKeys":{}}' % b",".join(tables)


def _asks_for_keys(request: Request) -> bool:
    return {"S": f"NS#{NAMESPACE}"} in request.get("ExpressionAttributeValues", {}).values()


def _description(table: Table) -> bytes:
    """As asked for, and done."""
    made = creation_request(table, table.name) | {"TableStatus": "ACTIVE", "ItemCount": PAGE}
    indexes = [index | {"IndexStatus": "ACTIVE"} for index in made.pop("GlobalSecondaryIndexes", [])]
    return orjson.dumps({"Table": made | ({"GlobalSecondaryIndexes": indexes} if indexes else {})})


def _time_to_live(table: Table) -> bytes:
    enabled = {"TimeToLiveStatus": "ENABLED", "AttributeName": table.ttl_attribute}
    return orjson.dumps({"TimeToLiveDescription": enabled if table.ttl_attribute else {"TimeToLiveStatus": "DISABLED"}})
