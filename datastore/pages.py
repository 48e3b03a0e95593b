"""Pages of a Query: filled up although a filter passes over items, and sure whether anything follows."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import dropwhile
from typing import Any

from datastore.attribute_values import untag_item
from datastore.client import Client
from datastore.errors import InvalidCursor
from datastore.operations import Item, Page, Query
from datastore.requests import TableName, query
from datastore.stored_keys import StoredKey

MAX_CALLS = 20


async def get_page(client: Client, operation: Query, name_of: TableName) -> Page:
    """One item more than asked for is read, to know whether the list goes on.

    After MAX_CALLS calls, and one for each further partition, the page is given as it stands, `last` telling where to
    go on: a partition full of expired items must not hold a request up for ever.
    """
    items: list[Item] = []
    here, *further = _partitions(operation)
    for _ in range(MAX_CALLS + len(operation.then)):
        request = query(here, name_of, limit=operation.limit + 1 - len(items), start=here.start)
        answer = await client.call("Query", request, reads=operation.reads)
        items += _belonging(answer["Items"], here)
        if len(items) > operation.limit:
            return Page(tuple(items[: operation.limit]), more=True)
        if answer.get("LastEvaluatedKey"):
            here = replace(here, start=untag_item(answer["LastEvaluatedKey"]))
        elif further:
            here, *further = further
        else:
            return Page(tuple(items), more=False)
    return Page(tuple(items), more=True, last=here.start or _beginning(here))


def _partitions(operation: Query) -> Sequence[Query]:
    """The query of each partition from the one on where the page starts."""
    if not operation.then:
        return [operation]
    queries = [replace(operation, range=each, start=None) for each in (operation.range, *operation.then)]
    if operation.start is None:
        return queries
    pk = operation.start[operation.range.partition_key]
    there = list(dropwhile(lambda each: each.range.pk != pk, queries))
    if not there:
        raise InvalidCursor("This page token is of a list that has no such part any more: start anew.")
    within = operation.start != _beginning(there[0])
    return [replace(there[0], start=operation.start if within else None), *there[1:]]


def _beginning(operation: Query) -> Item:
    """The position before a partition's first item; any other has the keys of an item."""
    return {operation.range.partition_key: operation.range.pk}


def _belonging(tagged: Sequence[Any], operation: Query) -> Sequence[Item]:
    """Dynoxide 1.2.1 takes "User" for a beginning of "user"; DynamoDB never does."""
    holds, name = operation.range.holds, operation.range.sort_key
    read = bool(tagged) and isinstance(tagged[0], StoredKey)  # all of them, or none
    items: Sequence[Item] = tagged if read else [untag_item(each) for each in tagged]
    if not items or (holds(items[0][name]) and holds(items[-1][name])):
        return items  # they are sorted, so those between two that belong belong too
    return [item for item in items if holds(item[name])]
