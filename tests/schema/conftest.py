"""The application under a clock that a test moves, and items that other programs have put."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from datastore.client import BotoClient
from tests.api import Api, running_api
from tests.clock import Clock
from tests.conftest import FreshTables

PutItem = Callable[[Mapping[str, Any]], None]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def timed(client: BotoClient, table_names: Mapping[str, str], tmp_path: Path, clock: Clock) -> AsyncIterator[Api]:
    """A user of an application that lives by `clock`."""
    async with running_api(client, table_names, tmp_path, clock=clock) as running:
        yield await running.sign_up()


@pytest.fixture
def put_raw(dynamodb: Any, table_names: Mapping[str, str]) -> PutItem:
    """Puts an item, in DynamoDB's own JSON, as another program would."""
    return lambda item: dynamodb.put_item(TableName=table_names["kv-storage-data"], Item=item)


@pytest.fixture
def all_items(dynamodb: Any, table_names: FreshTables) -> Callable[[], list[Mapping[str, Any]]]:
    """Everything in all tables, in DynamoDB's own JSON."""

    def scan() -> list[Mapping[str, Any]]:
        scans = (_scan(dynamodb, name) for name in table_names.made())
        return [item for items in scans for item in items]

    return scan


def _scan(dynamodb: Any, name: str) -> Iterator[Mapping[str, Any]]:
    for page in dynamodb.get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
        yield from page["Items"]


@pytest.fixture
async def api_of_large_bodies(client: BotoClient, table_names: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Api]:
    """A user of an application that takes bodies of 8 MiB, as an operator may let it."""
    async with running_api(client, table_names, tmp_path, max_body_bytes=8 * 1024 * 1024) as running:
        yield await running.sign_up()
