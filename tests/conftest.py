"""The engines that tests run on, and tables that no other test sees.

engine, table_names              a real Dynoxide, one for each test process
moto, moto_table_names           moto's server
any_engine, any_table_names      each of the two in turn, for what has to hold on both
issuer                           a real OpenID Connect provider, one for each test process that needs it
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from botocore.client import BaseClient

from datastore.local_engine import Engine, local_engine
from datastore.moto_engine import moto_engine
from datastore.provisioning import create_tables
from datastore.tables import TABLES
from datastore.wire.client import NativeClient
from tests.api import Api, running_api
from tests.oidc.issuer import Issuer, running_issuer

_DECLARED = {table.name: table for table in TABLES}


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


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with running_issuer() as running:
        yield running


@pytest.fixture(params=["engine", "moto"])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    running: Engine = request.getfixturevalue(request.param)
    return running


@pytest.fixture(scope="session")
def dynamodb(engine: Engine) -> BaseClient:
    """A plain boto3 client of the engine, to look at tables past our own code."""
    return plain_client(engine.endpoint_url)


@pytest.fixture
def table_names(engine: Engine) -> "FreshTables":
    """Declared name -> the name of a fresh table, made when it is asked for."""
    return FreshTables(engine)


@pytest.fixture
def moto_table_names(moto: Engine) -> Mapping[str, str]:
    return FreshTables(moto)


@pytest.fixture
def any_table_names(any_engine: Engine) -> Mapping[str, str]:
    return FreshTables(any_engine)


class FreshTables(Mapping[str, str]):
    """Makes a table when its name is first asked for: all five take 60 ms, and most tests need one."""

    def __init__(self, engine: Engine) -> None:
        self._client = plain_client(engine.endpoint_url)
        self._suffix = uuid4().hex[:12]
        self._made: dict[str, str] = {}

    def __getitem__(self, declared: str) -> str:
        table = _DECLARED[declared]
        if declared not in self._made:
            self._made[declared] = f"{declared}-{self._suffix}"
            create_tables(self._client, self._made, tables=[table])
        return self._made[declared]

    def made(self) -> list[str]:
        """The names of those that have been asked for, and are there."""
        return list(self._made.values())

    def __iter__(self) -> Iterator[str]:
        return iter(_DECLARED)

    def __len__(self) -> int:
        return len(_DECLARED)


def plain_client(endpoint_url: str) -> BaseClient:
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture
async def client(engine: Engine) -> AsyncIterator[NativeClient]:
    """Our own client of the engine."""
    made = NativeClient(region="us-east-1", endpoint_url=engine.endpoint_url)
    yield made
    await made.close()


@pytest.fixture
async def api(client: NativeClient, table_names: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Api]:
    """The application on fresh tables; the caller is the local administrator."""
    async with running_api(client, table_names, tmp_path) as running:
        yield running


@pytest.fixture
async def alice(api: Api) -> Api:
    """A user who has signed up."""
    return await api.sign_up()


@pytest.fixture
async def bob(api: Api) -> Api:
    """Another tenant."""
    return await api.sign_up()
