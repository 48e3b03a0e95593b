"""The engines that tests run on, and tables that no other test sees.

engine, table_names              a real Dynoxide, one for each test process
moto, moto_table_names           moto's server
any_engine, any_table_names      each of the two in turn, for what has to hold on both
"""

from collections.abc import Iterator, Mapping
from uuid import uuid4

import boto3
import pytest
from botocore.client import BaseClient

from datastore.local_engine import Engine, local_engine
from datastore.moto_engine import moto_engine
from datastore.provisioning import create_tables
from datastore.tables import TABLES


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with local_engine(tmp_path_factory.mktemp("engine")) as running:
        if not running.durable:
            pytest.skip("there is no Dynoxide for this platform")
        yield running


@pytest.fixture(scope="session")
def moto() -> Iterator[Engine]:
    with moto_engine() as endpoint_url:
        yield Engine("moto", endpoint_url, durable=False)


@pytest.fixture(params=["engine", "moto"])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    running: Engine = request.getfixturevalue(request.param)
    return running


@pytest.fixture(scope="session")
def dynamodb(engine: Engine) -> BaseClient:
    """A plain boto3 client of the engine, to look at tables past our own code."""
    return plain_client(engine.endpoint_url)


@pytest.fixture
def table_names(engine: Engine) -> Mapping[str, str]:
    """Declared name -> the name of a fresh table."""
    return fresh_tables(engine)


@pytest.fixture
def moto_table_names(moto: Engine) -> Mapping[str, str]:
    return fresh_tables(moto)


@pytest.fixture
def any_table_names(any_engine: Engine) -> Mapping[str, str]:
    return fresh_tables(any_engine)


def fresh_tables(engine: Engine) -> Mapping[str, str]:
    suffix = uuid4().hex[:12]
    names = {table.name: f"{table.name}-{suffix}" for table in TABLES}
    create_tables(plain_client(engine.endpoint_url), names)
    return names


def plain_client(endpoint_url: str) -> BaseClient:
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
