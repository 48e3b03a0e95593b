"""Operations written out as DynamoDB's API has them: pure, so that a test compares values."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from datastore.access_patterns import PrimaryKey
from datastore.attribute_values import tag, tag_item
from datastore.expressions import Condition, Placeholders, begins_with, between, equals
from datastore.operations import (
    BatchWriteItem,
    ConditionCheck,
    DeleteItem,
    GetItem,
    PutItem,
    Query,
    TransactWrite,
    TransactWriteItems,
    UpdateItem,
)
from datastore.tables import Table

Request = dict[str, Any]
TableName = Callable[[Table], str]


def get_item(operation: GetItem, name_of: TableName) -> Request:
    request = {"TableName": name_of(operation.table), "Key": tag_item(operation.key.attributes())}
    return request | ({"ConsistentRead": True} if operation.consistent else {})


def put_item(operation: PutItem, name_of: TableName) -> Request:
    return _write(operation, name_of) | _on_failure(operation.condition) | {"ReturnValues": "ALL_OLD"}


def delete_item(operation: DeleteItem, name_of: TableName) -> Request:
    return _write(operation, name_of) | _on_failure(operation.condition) | {"ReturnValues": "ALL_OLD"}


def update_item(operation: UpdateItem, name_of: TableName) -> Request:
    return _write(operation, name_of) | _on_failure(operation.condition) | {"ReturnValues": operation.returns}


def transact_write_items(operation: TransactWriteItems, name_of: TableName) -> Request:
    return {"TransactItems": [_action(write, name_of) for write in operation.writes]}


def query(operation: Query, name_of: TableName, *, limit: int, start: Mapping[str, Any] | None) -> Request:
    placeholders = Placeholders()
    range_, index = operation.range, operation.range.index
    condition = equals(range_.partition_key, range_.pk)
    if range_.between:
        condition &= between(range_.sort_key, *range_.between)
    elif range_.prefix:
        condition &= begins_with(range_.sort_key, range_.prefix)
    request: Request = {
        "TableName": name_of(operation.table),
        "KeyConditionExpression": condition.write(placeholders),
        "Limit": limit,
        "ScanIndexForward": not operation.reverse,
    }
    if index:
        request["IndexName"] = index.name
    if operation.consistent:
        request["ConsistentRead"] = True
    if operation.only:
        request["FilterExpression"] = operation.only.write(placeholders)
    if start:
        request["ExclusiveStartKey"] = tag_item(start)
    return request | _expression_attributes(placeholders)


def start_key(operation: Query, item: Mapping[str, Any]) -> dict[str, str]:
    """The key attributes of an item from which this query would go on behind it."""
    index = operation.range.index
    names = ("PK", "SK") + ((index.partition_key, index.sort_key) if index else ())
    return {name: item[name] for name in names}


def batch_get(keys: Iterable[PrimaryKey], name_of: TableName, *, consistent: bool) -> Request:
    """Keys of any tables, no key twice."""
    consistency = {"ConsistentRead": True} if consistent else {}
    wanted: dict[str, list[Any]] = {}
    for key in keys:
        wanted.setdefault(name_of(key.table), []).append(tag_item(key.attributes()))
    return {"RequestItems": {name: {"Keys": tagged} | consistency for name, tagged in wanted.items()}}


def batch_write(operation: BatchWriteItem, name_of: TableName) -> Request:
    wanted: dict[str, list[Any]] = {}
    for item in operation.puts:
        wanted.setdefault(name_of(operation.table), []).append({"PutRequest": {"Item": tag_item(item)}})
    for key in operation.deletes:
        wanted.setdefault(name_of(key.table), []).append({"DeleteRequest": {"Key": tag_item(key.attributes())}})
    return {"RequestItems": wanted}


def _action(write: TransactWrite, name_of: TableName) -> Request:
    match write:
        case PutItem():
            kind = "Put"
        case UpdateItem():
            kind = "Update"
        case DeleteItem():
            kind = "Delete"
        case ConditionCheck():
            kind = "ConditionCheck"
    return {kind: _write(write, name_of) | _on_failure(write.condition)}


def _write(write: TransactWrite, name_of: TableName) -> Request:
    placeholders = Placeholders()
    request: Request = {"TableName": name_of(write.table)}
    if isinstance(write, PutItem):
        request["Item"] = tag_item(write.item)
    else:
        request["Key"] = tag_item(write.key.attributes())
    if isinstance(write, UpdateItem):
        request["UpdateExpression"] = write.update.write(placeholders)
    if write.condition:
        request["ConditionExpression"] = write.condition.write(placeholders)
    return request | _expression_attributes(placeholders)


def _on_failure(condition: Condition | None) -> Request:
    return {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"} if condition else {}


def _expression_attributes(placeholders: Placeholders) -> Request:
    request: Request = {}
    if placeholders.names:
        request["ExpressionAttributeNames"] = placeholders.names
    if placeholders.values:
        request["ExpressionAttributeValues"] = {name: tag(value) for name, value in placeholders.values.items()}
    return request
