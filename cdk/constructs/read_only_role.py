"""A role that reads one table and changes nothing."""

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk.names import construct_id
from datastore.tables import Table

_READ_ACTIONS = ["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query"]


class ReadOnlyRole(Construct):
    """Whom the account's administrators let, may assume it for an hour."""

    def __init__(self, scope: Construct, table: Table, table_arn: str) -> None:
        super().__init__(scope, f"{construct_id(table.name)}Reader")
        self.resource = iam.Role(
            self,
            "Resource",
            description=f"Reads {table.name}: {table.description}",
            assumed_by=iam.AccountRootPrincipal(),
            max_session_duration=Duration.hours(1),
        )
        self.resource.add_to_policy(iam.PolicyStatement(actions=_READ_ACTIONS, resources=[table_arn]))
        CfnOutput(self, "Arn", value=self.resource.role_arn, description=f"Role that reads {table.name}")
