"""The tables as CloudFormation will make them, in every environment."""

import dataclasses
from typing import Any

import aws_cdk
import pytest

from cdk.config import Config, Environment
from cdk.stacks.storage_stack import StorageStack
from datastore import tables
from datastore.tables import TABLES
from tests.cdk.templates import ENVIRONMENTS, flat, resources, template

SUFFIX = {"dev": "-dev", "staging": "-staging", "prod": ""}

LOGICAL_IDS = {
    # A changed one makes CloudFormation replace the table: its data would be gone, or the deployment fail.
    "kv-storage-data": "KvStorageDataTable2A453559",
    "user-quotas": "UserQuotasTable4E7D3479",
    "quota-events": "QuotaEventsTable2438FF3E",
    "sessions-metadata": "SessionsMetadataTable7D8132E5",
    "oidc-state": "OidcStateTableB94A2A63",
}

INDEXES = {
    "kv-storage-data": ["GSI1", "EmailDomainIndex", "CreatedAtIndex", "OwnerStatusIndex"],
    "user-quotas": ["TierLookupIndex"],
    "quota-events": [],
    "sessions-metadata": ["UserTimestampIndex", "SessionLookupIndex"],
    "oidc-state": [],
}
TTL = {"kv-storage-data": "ttl", "quota-events": "ttl", "sessions-metadata": "ttl", "oidc-state": "expiresAt"}

every_environment = pytest.mark.parametrize("environment", ENVIRONMENTS)
every_table = pytest.mark.parametrize("name", LOGICAL_IDS)


def table(environment: str, name: str) -> Any:
    found = dict(resources(template(environment, "storage"), "AWS::DynamoDB::Table"))
    return found[LOGICAL_IDS[name]]


def key_schema(keyed: Any) -> list[tuple[str, str]]:
    return [(key["AttributeName"], key["KeyType"]) for key in keyed["KeySchema"]]


@every_environment
def test_every_declared_table_is_there_under_its_lasting_logical_id_and_no_other(environment: str) -> None:
    found = dict(resources(template(environment, "storage"), "AWS::DynamoDB::Table"))
    assert {flat(resource["Properties"]["TableName"]): name for name, resource in found.items()} == {
        f"{name}{SUFFIX[environment]}": logical_id for name, logical_id in LOGICAL_IDS.items()
    }


@every_environment
@every_table
def test_keys_are_strings_named_pk_and_sk(environment: str, name: str) -> None:
    properties = table(environment, name)["Properties"]
    assert key_schema(properties) == [("PK", "HASH"), ("SK", "RANGE")]
    assert {entry["AttributeType"] for entry in properties["AttributeDefinitions"]} == {"S"}


@every_environment
@every_table
def test_indexes_are_on_numbered_keys_and_project_everything(environment: str, name: str) -> None:
    found = table(environment, name)["Properties"].get("GlobalSecondaryIndexes", [])
    assert [(index["IndexName"], key_schema(index), index["Projection"]) for index in found] == [
        (index, [(f"GSI{number}PK", "HASH"), (f"GSI{number}SK", "RANGE")], {"ProjectionType": "ALL"})
        for number, index in enumerate(INDEXES[name], start=1)
    ]


@every_environment
@every_table
def test_tables_are_billed_per_request_and_encrypted_with_the_aws_managed_key(environment: str, name: str) -> None:
    properties = table(environment, name)["Properties"]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["SSESpecification"] == {"SSEEnabled": True}


@every_environment
@every_table
def test_tables_can_be_restored_to_any_second_unless_their_items_live_for_minutes(environment: str, name: str) -> None:
    recovery = table(environment, name)["Properties"]["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": name != "oidc-state"}


@every_environment
@every_table
def test_items_expire_by_the_declared_attribute(environment: str, name: str) -> None:
    expiry = table(environment, name)["Properties"].get("TimeToLiveSpecification")
    assert expiry == ({"AttributeName": TTL[name], "Enabled": True} if name in TTL else None)


@every_environment
@every_table
def test_only_the_main_table_has_a_stream(environment: str, name: str) -> None:
    stream = table(environment, name)["Properties"].get("StreamSpecification")
    assert stream == ({"StreamViewType": "NEW_AND_OLD_IMAGES"} if name == "kv-storage-data" else None)


@every_environment
@every_table
def test_in_prod_tables_are_kept_and_protected_and_elsewhere_they_go_with_the_stack(
    environment: str, name: str
) -> None:
    found = table(environment, name)
    policy = "Retain" if environment == "prod" else "Delete"
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == (policy, policy)
    assert found["Properties"]["DeletionProtectionEnabled"] is (environment == "prod")


@every_environment
def test_every_table_is_named_in_ssm_with_a_description(environment: str) -> None:
    found = {
        resource["Properties"]["Name"]: resource["Properties"]
        for _, resource in resources(template(environment, "storage"), "AWS::SSM::Parameter")
    }
    main = LOGICAL_IDS["kv-storage-data"]
    assert {name: flat(properties["Value"]) for name, properties in found.items()} == {
        f"/kv-{environment}/storage/kv-storage-data-table-name": f"${{{main}}}",
        f"/kv-{environment}/storage/kv-storage-data-table-arn": f"${{{main}.Arn}}",
        f"/kv-{environment}/storage/kv-storage-data-gsi-name": "GSI1",
        f"/kv-{environment}/quota/user-quotas-table-name": f"${{{LOGICAL_IDS['user-quotas']}}}",
        f"/kv-{environment}/quota/quota-events-table-name": f"${{{LOGICAL_IDS['quota-events']}}}",
        f"/kv-{environment}/cost-tracking/sessions-metadata-table-name": f"${{{LOGICAL_IDS['sessions-metadata']}}}",
        f"/kv-{environment}/auth/oidc-state-table-name": f"${{{LOGICAL_IDS['oidc-state']}}}",
    }
    assert all(properties["Description"] for properties in found.values())


@every_environment
def test_the_stack_puts_out_what_other_programs_need(environment: str) -> None:
    outputs = {name: flat(output["Value"]) for name, output in template(environment, "storage")["Outputs"].items()}
    main = LOGICAL_IDS["kv-storage-data"]
    assert outputs["TableName"] == f"${{{main}}}"
    assert outputs["TableArn"] == f"${{{main}.Arn}}"
    assert outputs["GsiName"] == "GSI1"
    assert outputs["SsmPrefix"] == f"/kv-{environment}"


def test_the_stack_exposes_its_main_table_to_other_constructs() -> None:
    config = Config(Environment.DEV, "kv", "kv-storage-data", "GSI1", "us-east-1")
    stack = StorageStack(aws_cdk.App(), config, TABLES)
    main = LOGICAL_IDS["kv-storage-data"]
    assert stack.resolve(stack.table_name) == {"Ref": main}
    assert stack.resolve(stack.table_arn) == {"Fn::GetAtt": [main, "Arn"]}
    assert stack.gsi_name == "GSI1"


@every_environment
def test_quota_events_have_a_role_that_can_read_and_do_nothing_else(environment: str) -> None:
    (policy,) = (resource for _, resource in resources(template(environment, "storage"), "AWS::IAM::Policy"))
    assert flat(policy["Properties"]["PolicyDocument"]["Statement"]) == [
        {
            "Effect": "Allow",
            "Action": ["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query"],
            "Resource": f"${{{LOGICAL_IDS['quota-events']}.Arn}}",
        }
    ]
    (role,) = (resource for _, resource in resources(template(environment, "storage"), "AWS::IAM::Role"))
    trust = flat(role["Properties"]["AssumeRolePolicyDocument"]["Statement"])
    assert [statement["Principal"] for statement in trust] == [{"AWS": "arn:aws:iam::${AWS::AccountId}:root"}]


def test_the_declaration_has_no_field_that_this_file_does_not_hold_a_template_against() -> None:
    assert {field.name for field in dataclasses.fields(tables.Table)} == {
        "name",
        "description",
        "group",
        "indexes",
        "ttl_attribute",
        "stream",
        "point_in_time_recovery",
    }
