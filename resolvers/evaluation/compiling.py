"""An operation as DynamoDB's API has it, for evaluation to show."""

from typing import Any

from datastore import requests
from datastore.operations import (
    BatchGetItem,
    BatchWriteItem,
    DeleteItem,
    GetItem,
    Operation,
    PutItem,
    Query,
    TransactWriteItems,
    UpdateItem,
)
from datastore.tables import Table


def compile_request(operation: Operation[Any]) -> dict[str, Any] | None:
    """One call, under its action's name; None where the operation is not DynamoDB's.

    The store sends a batch in parts where it is larger than DynamoDB takes, and reads one item beyond a page.
    """
    match operation:
        case GetItem():
            parameters = requests.get_item(operation, _name_of)
        case PutItem():
            parameters = requests.put_item(operation, _name_of)
        case UpdateItem():
            parameters = requests.update_item(operation, _name_of)
        case DeleteItem():
            parameters = requests.delete_item(operation, _name_of)
        case Query():
            parameters = requests.query(operation, _name_of, limit=operation.limit + 1, start=operation.start)
        case TransactWriteItems():
            parameters = requests.transact_write_items(operation, _name_of)
        case BatchGetItem():
            keys = dict.fromkeys(operation.keys)
            parameters = requests.batch_get(keys, _name_of, consistent=operation.consistent)
        case BatchWriteItem():
            parameters = requests.batch_write(operation, _name_of)
        case _:
            return None
    return {type(operation).__name__: parameters}


def _name_of(table: Table) -> str:
    return table.name
