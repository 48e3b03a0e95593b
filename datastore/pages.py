"""Pages of a Query: filled up although a filter passes over items, and sure whether anything follows."""

from collections.abc import Mapping
from typing import Any

from datastore.attribute_values import untag_item
from datastore.client import Client
from datastore.operations import Item, Page, Query
from datastore.requests import TableName, query

MAX_CALLS = 20


async def get_page(client: Client, operation: Query, name_of: TableName) -> Page:
    """One item more than asked for is read, to know whether the list goes on.

    After MAX_CALLS calls the page is given as it stands, `last` telling where to go on: a partition full of expired
    items must not hold a request up for ever.
    """
    items: list[Item] = []
    start: Mapping[str, Any] | None = operation.start
    for _ in range(MAX_CALLS):
        request = query(operation, name_of, limit=operation.limit + 1 - len(items), start=start)
        answer = await client.call("Query", request)
        items += [item for item in map(untag_item, answer["Items"]) if _belongs(item, operation)]
        if len(items) > operation.limit:
            return Page(tuple(items[: operation.limit]), more=True)
        if not answer.get("LastEvaluatedKey"):
            return Page(tuple(items), more=False)
        start = untag_item(answer["LastEvaluatedKey"])
    return Page(tuple(items), more=True, last=start)


def _belongs(item: Item, operation: Query) -> bool:
    """Dynoxide 1.2.1 takes "User" for a beginning of "user"; DynamoDB never does."""
    index = operation.range.index
    sort_key: str = item[index.sort_key if index else "SK"]
    return sort_key.startswith(operation.range.prefix)
