"""One declaration, two ways to make the table: CloudFormation's and the local engine's."""

from typing import Any
from uuid import uuid4

import aws_cdk
import pytest
from aws_cdk import assertions
from botocore.client import BaseClient

from cdk.config import Config, Environment
from cdk.constructs.kv_table import KvTable
from datastore.provisioning import create_tables
from datastore.tables import TABLES, Index, StreamView, Table

CONFIG = Config(Environment.PROD, "kv", "kv-storage-data", "GSI1", "us-east-1")
BEFORE = Table("audit-trail", "Who did what", ttl_attribute="ttl")
AFTER = Table(
    "audit-trail",
    "Who did what",
    indexes=(Index("ActorIndex", 1), Index("PlaceIndex", 2)),
    ttl_attribute="until",
    stream=StreamView.NEW_AND_OLD_IMAGES,
)


def from_the_template(table: Table) -> dict[str, Any]:
    stack = aws_cdk.Stack(aws_cdk.App(), "stack")
    KvTable(stack, table, CONFIG)
    (resource,) = assertions.Template.from_stack(stack).find_resources("AWS::DynamoDB::Table").values()
    properties = resource["Properties"]
    return shape(
        properties,
        ttl=properties.get("TimeToLiveSpecification", {}).get("AttributeName"),
        billing=properties["BillingMode"],
    )


def from_the_engine(dynamodb: BaseClient, table: Table) -> dict[str, Any]:
    name = f"{table.name}-{uuid4().hex[:12]}"
    create_tables(dynamodb, {table.name: name}, tables=[table])
    description = dynamodb.describe_table(TableName=name)["Table"]
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    return shape(description, ttl=expiry.get("AttributeName"), billing=description["BillingModeSummary"]["BillingMode"])


def shape(table: Any, *, ttl: str | None, billing: str) -> dict[str, Any]:
    """What a template and DescribeTable both tell, in one order."""
    indexes = sorted(table.get("GlobalSecondaryIndexes", []), key=lambda index: str(index["IndexName"]))
    return {
        "keys": table["KeySchema"],
        "attributes": {entry["AttributeName"]: entry["AttributeType"] for entry in table["AttributeDefinitions"]},
        "indexes": [(index["IndexName"], index["KeySchema"], index["Projection"]) for index in indexes],
        "stream": table.get("StreamSpecification", {}).get("StreamViewType"),
        "ttl": ttl,
        "billing": billing,
    }


@pytest.mark.parametrize("table", [*TABLES, BEFORE, AFTER], ids=lambda table: f"{table.name}-{len(table.indexes)}")
def test_template_and_local_engine_make_the_same_table(dynamodb: BaseClient, table: Table) -> None:
    assert from_the_template(table) == from_the_engine(dynamodb, table)


def test_a_changed_declaration_changes_the_template() -> None:
    before, after = from_the_template(BEFORE), from_the_template(AFTER)
    assert (before["ttl"], after["ttl"]) == ("ttl", "until")
    assert (before["stream"], after["stream"]) == (None, "NEW_AND_OLD_IMAGES")
    assert [name for name, _, _ in after["indexes"]] == ["ActorIndex", "PlaceIndex"]
