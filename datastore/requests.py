"""Operations written out as DynamoDB's API has them: pure, so that a test compares values."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from datastore.access_patterns import KeyRange, PrimaryKey
from datastore.attribute_values import Tagged, tag, tag_item
from datastore.expressions import Parts, written
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
    request: Request = {"TableName": name_of(operation.table), "Key": _tagged(operation.key)}
    if operation.consistent:
        request["ConsistentRead"] = True
    return request


def put_item(operation: PutItem, name_of: TableName) -> Request:
    return _write(operation, name_of) | {"ReturnValues": "ALL_OLD"}


def delete_item(operation: DeleteItem, name_of: TableName) -> Request:
    return _write(operation, name_of) | {"ReturnValues": "ALL_OLD"}


def update_item(operation: UpdateItem, name_of: TableName) -> Request:
    request = _write(operation, name_of)
    request["ReturnValues"] = operation.returns
    return request


def transact_write_items(operation: TransactWriteItems, name_of: TableName) -> Request:
    return {"TransactItems": [_action(write, name_of) for write in operation.writes]}


def query(operation: Query, name_of: TableName, *, limit: int, start: Mapping[str, Any] | None) -> Request:
    index = operation.range.index
    expressions = {"KeyConditionExpression": _within(operation.range)}
    if operation.only:
        expressions["FilterExpression"] = operation.only.parts
    request: Request = {
        "TableName": name_of(operation.table),
        "Limit": limit,
        "ScanIndexForward": not operation.reverse,
    }
    if index:
        request["IndexName"] = index.name
    if operation.consistent:
        request["ConsistentRead"] = True
    if start:
        request["ExclusiveStartKey"] = tag_item(start)
    _express(request, expressions)
    return request


def _within(range_: KeyRange) -> Parts:
    """What `equals(partition) & begins_with(sort)` or `between(sort)` would be, without making them for each page."""
    partition, sort = range_.partition_key, range_.sort_key
    if range_.between:
        return f"([{partition}] = ? AND [{sort}] BETWEEN ? AND ?)", (range_.pk, *range_.between)
    if range_.prefix:
        return f"([{partition}] = ? AND begins_with([{sort}], ?))", (range_.pk, range_.prefix)
    return f"[{partition}] = ?", (range_.pk,)


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
        wanted.setdefault(name_of(key.table), []).append(_tagged(key))
    return {"RequestItems": {name: {"Keys": tagged} | consistency for name, tagged in wanted.items()}}


def batch_write(operation: BatchWriteItem, name_of: TableName) -> Request:
    wanted: dict[str, list[Any]] = {}
    for item in operation.puts:
        wanted.setdefault(name_of(operation.table), []).append({"PutRequest": {"Item": tag_item(item)}})
    for key in operation.deletes:
        wanted.setdefault(name_of(key.table), []).append({"DeleteRequest": {"Key": _tagged(key)}})
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
    return {kind: _write(write, name_of)}


def _write(write: TransactWrite, name_of: TableName) -> Request:
    request: Request = {"TableName": name_of(write.table)}
    if isinstance(write, PutItem):
        request["Item"] = tag_item(write.item)
    else:
        request["Key"] = _tagged(write.key)
    expressions = {}
    if isinstance(write, UpdateItem):
        expressions["UpdateExpression"] = write.update.parts
    if write.condition:
        expressions["ConditionExpression"] = write.condition.parts
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if expressions:
        _express(request, expressions)
    return request


def _express(request: Request, expressions: Mapping[str, Parts]) -> None:
    """Adds expressions, and the names and values that stand behind their placeholders."""
    texts, names, placeholders = written(*[text for text, _ in expressions.values()])
    request.update(zip(expressions, texts, strict=True))
    request["ExpressionAttributeNames"] = dict(names)
    if placeholders:
        given = [value for _, values in expressions.values() for value in values]
        tagged = [{"S": value} if type(value) is str else tag(value) for value in given]
        request["ExpressionAttributeValues"] = dict(zip(placeholders, tagged, strict=True))


def _tagged(key: PrimaryKey) -> dict[str, Tagged]:
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}
