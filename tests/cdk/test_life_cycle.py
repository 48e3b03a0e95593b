"""The life of a deployment with the real CLI, on an emulator: made, unchanged, changed, destroyed.

Each step is a fixture that needs the one before, so that any test can be run alone.
"""

import dataclasses
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from cdk.app import build_app
from cdk.local.cdk_cli import CdkCli, CommandFailed, Finished
from cdk.local.deploy import STORAGE
from cdk.local.emulator import Emulator
from datastore.tables import KV_STORAGE_DATA, TABLES, Index

pytestmark = pytest.mark.slow

ITEM = {"PK": {"S": "NS#myapp"}, "SK": {"S": "KEY#user:123"}, "GSI5PK": {"S": "WRITER#1"}, "GSI5SK": {"S": "1"}}
NEW_INDEX = Index("WriterIndex", 5)


@dataclasses.dataclass(frozen=True)
class Cloud:
    """An emulated account with nothing but the CDK's own bootstrap stack."""

    emulator: Emulator

    def cli(self, environment: str) -> CdkCli:
        return CdkCli(self.emulator, environment)

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.emulator.endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def tables(self) -> set[str]:
        return set(self.client("dynamodb").list_tables()["TableNames"])

    def parameters(self, prefix: str) -> dict[str, str]:
        found = self.client("ssm").get_parameters_by_path(Path=prefix, Recursive=True)["Parameters"]
        return {parameter["Name"]: parameter["Value"] for parameter in found}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    emulator = Emulator(port, tmp_path_factory.mktemp("cloud"))
    process = emulator.start()
    cloud = Cloud(emulator)
    cloud.cli("dev").bootstrap()
    yield cloud
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def deployed(cloud: Cloud) -> Finished:
    """By the CLI alone, which runs the app as cdk.json says."""
    return cloud.cli("dev").run("deploy", STORAGE, "--require-approval", "never")


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the app gives inside this process."""
    folder = tmp_path_factory.mktemp("unchanged")
    build_app({"environment": "dev"}, outdir=str(folder)).synth()
    return folder


@pytest.fixture(scope="module")
def with_new_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    main = dataclasses.replace(KV_STORAGE_DATA, indexes=(*KV_STORAGE_DATA.indexes, NEW_INDEX))
    folder = tmp_path_factory.mktemp("changed")
    tables = [main, *(table for table in TABLES if table is not KV_STORAGE_DATA)]
    build_app({"environment": "dev"}, outdir=str(folder), tables=tables).synth()
    return folder


@pytest.fixture(scope="module")
def changed(cloud: Cloud, deployed: Finished, with_new_index: Path) -> Finished:
    cloud.client("dynamodb").put_item(TableName="kv-storage-data-dev", Item=ITEM)
    return cloud.cli("dev").run("deploy", STORAGE, "--require-approval", "never", assembly=with_new_index)


@pytest.fixture(scope="module")
def destroyed(cloud: Cloud, changed: Finished, assembly: Path) -> Finished:
    return cloud.cli("dev").run("destroy", STORAGE, "--force", assembly=assembly)


def test_a_deployment_makes_every_table(cloud: Cloud, deployed: Finished) -> None:
    assert {f"{table.name}-dev" for table in TABLES} <= cloud.tables()
    assert "kv-dev-storage.TableName = kv-storage-data-dev" in deployed.output


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_the_live_tables_are_as_declared(cloud: Cloud, deployed: Finished, table: Any) -> None:
    dynamodb, name = cloud.client("dynamodb"), f"{table.name}-dev"
    found = dynamodb.describe_table(TableName=name)["Table"]
    assert keys(found) == ["PK", "SK"]
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert found["SSEDescription"]["Status"] == "ENABLED"
    assert found["DeletionProtectionEnabled"] is False
    assert found.get("StreamSpecification", {}).get("StreamViewType") == (table.stream and table.stream.value)
    assert [
        (index["IndexName"], keys(index), index["Projection"]["ProjectionType"], index["IndexStatus"])
        for index in found.get("GlobalSecondaryIndexes", [])
    ] == [(index.name, [index.partition_key, index.sort_key], "ALL", "ACTIVE") for index in table.indexes]
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert expiry.get("AttributeName") == table.ttl_attribute
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    assert recovery == ("ENABLED" if table.point_in_time_recovery else "DISABLED")


def keys(keyed: Any) -> list[str]:
    return [key["AttributeName"] for key in keyed["KeySchema"]]


def test_the_live_parameters_name_the_live_tables(cloud: Cloud, deployed: Finished) -> None:
    found = cloud.parameters("/kv-dev")
    arn = cloud.client("dynamodb").describe_table(TableName="kv-storage-data-dev")["Table"]["TableArn"]
    assert found == {table.name_parameter("/kv-dev"): f"{table.name}-dev" for table in TABLES} | {
        "/kv-dev/storage/kv-storage-data-table-arn": arn,
        "/kv-dev/storage/kv-storage-data-gsi-name": "GSI1",
    }


def test_what_did_not_change_has_no_difference(cloud: Cloud, deployed: Finished, assembly: Path) -> None:
    """Nor is there one between the CLI's run of the app and this process's."""
    diff = cloud.cli("dev").differs(STORAGE, assembly=assembly)
    assert diff.returned == 0, diff.output
    assert "There were no differences" in diff.output


def test_what_did_not_change_is_not_deployed_again(cloud: Cloud, deployed: Finished, assembly: Path) -> None:
    again = cloud.cli("dev").run("deploy", STORAGE, "--require-approval", "never", assembly=assembly)
    assert "(no changes)" in again.output


def test_a_new_index_is_a_difference(cloud: Cloud, deployed: Finished, with_new_index: Path) -> None:
    diff = cloud.cli("dev").differs(STORAGE, assembly=with_new_index)
    assert diff.returned == 1
    assert NEW_INDEX.name in diff.output


def test_a_new_index_leaves_the_items_and_finds_them(cloud: Cloud, changed: Finished) -> None:
    found = cloud.client("dynamodb").query(
        TableName="kv-storage-data-dev",
        IndexName=NEW_INDEX.name,
        KeyConditionExpression="GSI5PK = :pk",
        ExpressionAttributeValues={":pk": ITEM["GSI5PK"]},
    )
    assert found["Items"] == [ITEM]


def test_outside_prod_destroying_removes_tables_and_parameters(cloud: Cloud, destroyed: Finished) -> None:
    assert not {name for name in cloud.tables() if name.endswith("-dev")}
    assert cloud.parameters("/kv-dev") == {}


def test_in_prod_the_stack_resists_and_the_tables_outlive_it(cloud: Cloud, tmp_path: Path) -> None:
    build_app({"environment": "prod"}, outdir=str(tmp_path)).synth()
    dynamodb, cli = cloud.client("dynamodb"), cloud.cli("prod")
    cli.run("deploy", STORAGE, "--require-approval", "never", assembly=tmp_path)
    dynamodb.put_item(TableName="kv-storage-data", Item=ITEM)
    with pytest.raises(CommandFailed, match=r"(?i)termination ?protection"):
        cli.run("destroy", STORAGE, "--force", assembly=tmp_path)
    cloud.client("cloudformation").update_termination_protection(
        StackName="kv-prod-storage", EnableTerminationProtection=False
    )
    cli.run("destroy", STORAGE, "--force", assembly=tmp_path)
    assert {table.name for table in TABLES} <= cloud.tables()
    key = {name: ITEM[name] for name in ("PK", "SK")}
    assert dynamodb.get_item(TableName="kv-storage-data", Key=key)["Item"] == ITEM
    assert cloud.parameters("/kv-prod") == {}
    with pytest.raises(dynamodb.exceptions.ClientError, match="deletion protection"):
        dynamodb.delete_table(TableName="kv-storage-data")
