"""The data: every table, the parameters that name them, and who may read them from outside."""

from collections.abc import Sequence

import aws_cdk
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from cdk.acknowledgments import acknowledge
from cdk.config import Config
from cdk.constructs.kv_table import KvTable
from cdk.constructs.read_only_role import ReadOnlyRole
from cdk.names import construct_id, parameter_path
from datastore.tables import KV_STORAGE_DATA, OIDC_STATE, QUOTA_EVENTS, Table


class StorageStack(aws_cdk.Stack):
    """`table_name`, `table_arn` and `gsi_name` are the main table's; other programs read them from SSM."""

    def __init__(self, scope: Construct, config: Config, tables: Sequence[Table]) -> None:
        super().__init__(
            scope,
            f"{config.project_prefix}-storage",
            description="The tables of the key-value store",
            env=aws_cdk.Environment(account=config.account, region=config.region),
            termination_protection=config.retains,
        )
        self._prefix = parameter_path(config)
        self._tables = {table.name: KvTable(self, table, config).resource for table in tables}
        self.table_name: str = self._tables[KV_STORAGE_DATA.name].table_name
        self.table_arn: str = self._tables[KV_STORAGE_DATA.name].table_arn
        self.gsi_name = config.gsi_name
        self._name_in_ssm(tables)
        self._put_out()
        ReadOnlyRole(self, QUOTA_EVENTS, self._tables[QUOTA_EVENTS.name].table_arn)
        acknowledge(
            self._tables[OIDC_STATE.name],
            "DDB3",
            "Its items live for ten minutes: a restored one would be a sign-in that nobody is waiting for.",
        )

    def _name_in_ssm(self, tables: Sequence[Table]) -> None:
        for table in tables:
            name = self._tables[table.name].table_name
            self._parameter(table.name_parameter(self._prefix), name, f"{table.description}: table name")
        main = f"{self._prefix}/{KV_STORAGE_DATA.group}/{KV_STORAGE_DATA.name}"
        self._parameter(f"{main}-table-arn", self.table_arn, f"{KV_STORAGE_DATA.description}: table ARN")
        self._parameter(
            f"{main}-gsi-name", self.gsi_name, f"{KV_STORAGE_DATA.description}: index for API keys and keys"
        )

    def _parameter(self, name: str, value: str, description: str) -> None:
        ssm.StringParameter(
            self,
            f"{construct_id(name.rsplit('/', 1)[-1])}Param",
            parameter_name=name,
            string_value=value,
            description=description,
        )

    def _put_out(self) -> None:
        aws_cdk.CfnOutput(self, "TableName", value=self.table_name, description="Name of the main table")
        aws_cdk.CfnOutput(self, "TableArn", value=self.table_arn, description="ARN of the main table")
        aws_cdk.CfnOutput(self, "GsiName", value=self.gsi_name, description="Index for API keys and for keys by prefix")
        aws_cdk.CfnOutput(
            self, "SsmPrefix", value=self._prefix, description="KV_SSM_PREFIX of a server on these tables"
        )
