"""Tables come from their declaration, on any engine, as often as one likes."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from botocore.client import BaseClient

from datastore.client import connect
from datastore.errors import EngineFailed, TableDiffers
from datastore.local_engine import Engine
from datastore.provisioning import create_tables, creation_request
from datastore.tables import GSI1, KV_STORAGE_DATA, OIDC_STATE, TABLES, Index
from tests.conftest import plain_client


@pytest.fixture
def client(any_engine: Engine) -> BaseClient:
    return plain_client(any_engine.endpoint_url)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    return f"t{abs(hash(request.node.nodeid))}"


def test_every_declared_table_is_made_as_declared(client: BaseClient, any_table_names: Mapping[str, str]) -> None:
    for table in TABLES:
        made = client.describe_table(TableName=any_table_names[table.name])["Table"]
        assert made["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
        assert made["KeySchema"] == creation_request(table, "")["KeySchema"]
        assert {index["IndexName"] for index in made.get("GlobalSecondaryIndexes", ())} == {
            index.name for index in table.indexes
        }
        for index in made.get("GlobalSecondaryIndexes", ()):
            assert index["Projection"]["ProjectionType"] == "ALL"
        assert made.get("StreamSpecification", {}).get("StreamViewType") == table.stream
        ttl = client.describe_time_to_live(TableName=any_table_names[table.name])["TimeToLiveDescription"]
        assert ttl.get("AttributeName") == table.ttl_attribute


def test_a_second_run_leaves_tables_and_items_as_they_are(
    client: BaseClient, any_table_names: Mapping[str, str]
) -> None:
    key = {"PK": {"S": "a"}, "SK": {"S": "b"}}
    client.put_item(TableName=any_table_names[KV_STORAGE_DATA.name], Item=key)
    create_tables(client, any_table_names)
    assert client.get_item(TableName=any_table_names[KV_STORAGE_DATA.name], Key=key)["Item"] == key


def test_a_missing_index_stream_and_ttl_are_added(client: BaseClient, name: str) -> None:
    bare = replace(KV_STORAGE_DATA, indexes=(GSI1,), stream=None, ttl_attribute=None)
    names = {KV_STORAGE_DATA.name: name}
    create_tables(client, names, tables=[bare])
    create_tables(client, names, tables=[KV_STORAGE_DATA])
    made = client.describe_table(TableName=name)["Table"]
    assert {index["IndexName"] for index in made["GlobalSecondaryIndexes"]} == {
        index.name for index in KV_STORAGE_DATA.indexes
    }
    assert made["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": KV_STORAGE_DATA.stream}
    ttl = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert ttl["AttributeName"] == KV_STORAGE_DATA.ttl_attribute


def test_a_table_with_other_keys_is_refused_by_name(client: BaseClient, name: str) -> None:
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "N"}],
    )
    with pytest.raises(TableDiffers, match=rf"Table {name} has the keys id \(N\), but PK \(S\) and SK \(S\)"):
        create_tables(client, {OIDC_STATE.name: name}, tables=[OIDC_STATE])


def test_an_index_on_other_attributes_is_refused_by_name(client: BaseClient, name: str) -> None:
    create_tables(client, {"t": name}, tables=[replace(OIDC_STATE, name="t", indexes=(Index("GSI1", 7),))])
    with pytest.raises(TableDiffers, match=rf"Index GSI1 of table {name} has the keys GSI7PK \(S\)"):
        create_tables(client, {"t": name}, tables=[replace(OIDC_STATE, name="t", indexes=(GSI1,))])


def test_another_ttl_attribute_is_refused(client: BaseClient, name: str) -> None:
    create_tables(client, {"t": name}, tables=[replace(OIDC_STATE, name="t", ttl_attribute="other")])
    with pytest.raises(TableDiffers, match="expires items by other, but expiresAt is declared"):
        create_tables(client, {"t": name}, tables=[replace(OIDC_STATE, name="t")])


def test_an_undeclared_index_is_left_alone(client: BaseClient, name: str) -> None:
    create_tables(client, {"t": name}, tables=[replace(OIDC_STATE, name="t", indexes=(GSI1,))])
    create_tables(client, {"t": name}, tables=[replace(OIDC_STATE, name="t")])
    made = client.describe_table(TableName=name)["Table"]
    assert [index["IndexName"] for index in made["GlobalSecondaryIndexes"]] == ["GSI1"]


def test_two_servers_may_create_the_tables_at_the_same_moment(engine: Engine, name: str) -> None:
    names = {table.name: f"{table.name}-{name}" for table in TABLES}
    clients = [plain_client(engine.endpoint_url) for _ in range(4)]
    barrier = Barrier(len(clients))

    def create(client: BaseClient) -> None:
        barrier.wait(10)
        create_tables(client, names)

    with ThreadPoolExecutor(len(clients)) as pool:
        assert list(pool.map(create, clients)) == [None] * len(clients)


def test_an_endpoint_that_does_not_answer_is_named() -> None:
    with pytest.raises(EngineFailed, match=r"http://127\.0\.0\.1:9"):
        create_tables(connect("us-east-1", "http://127.0.0.1:9", attempts=1))
