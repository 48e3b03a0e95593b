"""What the server's code may do in the account."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk.config import Config
from cdk.names import parameter_path, table_name
from cdk.permissions import Permission, permissions
from datastore.tables import TABLES


def task_role(scope: Construct, config: Config) -> iam.Role:
    """Least privilege: the access patterns' actions on their tables and indexes, and the names of the tables."""
    role = iam.Role(
        scope,
        "TaskRole",
        description="What the server may do",
        assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"),
    )
    stack = Stack.of(scope)
    for permission in permissions():
        role.add_to_policy(
            iam.PolicyStatement(actions=list(permission.actions), resources=[_resource_arn(stack, permission, config)])
        )
    role.add_to_policy(iam.PolicyStatement(actions=["ssm:GetParameters"], resources=_parameter_arns(stack, config)))
    return role


def _resource_arn(stack: Stack, permission: Permission, config: Config) -> str:
    """Formatted from the name, which is fixed: no stack then depends on another one's exports."""
    name = table_name(config, permission.table)
    path = f"{name}/index/{permission.index.name}" if permission.index else name
    return stack.format_arn(service="dynamodb", resource="table", resource_name=path)


def _parameter_arns(stack: Stack, config: Config) -> list[str]:
    names = (table.name_parameter(parameter_path(config)) for table in TABLES)
    return [stack.format_arn(service="ssm", resource="parameter", resource_name=name[1:]) for name in names]
