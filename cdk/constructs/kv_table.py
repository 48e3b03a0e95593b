"""The standard table: whatever datastore/tables.py declares of one, and what production asks of it."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from cdk.config import Config
from cdk.names import construct_id, table_name
from datastore.tables import Index, Table

_STRING = dynamodb.AttributeType.STRING


class KvTable(Construct):
    """`resource` is the table itself."""

    def __init__(self, scope: Construct, table: Table, config: Config) -> None:
        super().__init__(scope, f"{construct_id(table.name)}Table")
        self.resource = dynamodb.Table(
            self,
            "Resource",
            table_name=table_name(config, table),
            partition_key=dynamodb.Attribute(name=table.partition_key, type=_STRING),
            sort_key=dynamodb.Attribute(name=table.sort_key, type=_STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=table.point_in_time_recovery
            ),
            time_to_live_attribute=table.ttl_attribute,
            stream=dynamodb.StreamViewType[table.stream] if table.stream else None,
            deletion_protection=config.retains,
            removal_policy=RemovalPolicy.RETAIN if config.retains else RemovalPolicy.DESTROY,
        )
        for index in table.indexes:
            self._add(index)

    def _add(self, index: Index) -> None:
        self.resource.add_global_secondary_index(
            index_name=index.name,
            partition_key=dynamodb.Attribute(name=index.partition_key, type=_STRING),
            sort_key=dynamodb.Attribute(name=index.sort_key, type=_STRING),
            projection_type=dynamodb.ProjectionType.ALL,
        )
