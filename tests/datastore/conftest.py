"""Stores on the engines, without a cache unless a test wants one."""

from collections.abc import AsyncIterator, Iterator, Mapping

import pytest

from datastore.client import BotoClient
from datastore.local_engine import Engine
from datastore.store import Store
from tests.datastore.stores import make_store
from tests.recording_client import RecordingClient


@pytest.fixture
def recording(client: BotoClient) -> RecordingClient:
    return RecordingClient(client)


@pytest.fixture
def store(recording: RecordingClient, table_names: Mapping[str, str]) -> Iterator[Store]:
    """On the real engine; `recording` shows what went out."""
    with make_store(recording, table_names) as made:
        yield made


@pytest.fixture
async def any_store(any_engine: Engine, any_table_names: Mapping[str, str]) -> AsyncIterator[Store]:
    client = BotoClient(region="us-east-1", endpoint_url=any_engine.endpoint_url)
    with make_store(client, any_table_names) as made:
        yield made
    await client.close()
