"""The watch over the data: alarms on each table, where they go, and a dashboard."""

from collections.abc import Sequence

import aws_cdk
from constructs import Construct

from cdk.config import Config
from cdk.constructs.alarm_topic import AlarmTopic
from cdk.constructs.table_alarms import TableAlarms
from cdk.constructs.table_dashboard import TableDashboard
from cdk.constructs.table_metrics import TableMetrics
from datastore.tables import Table


class MonitoringStack(aws_cdk.Stack):
    """Knows the tables by name only, so that it comes and goes without them."""

    def __init__(self, scope: Construct, config: Config, tables: Sequence[Table]) -> None:
        super().__init__(
            scope,
            f"{config.project_prefix}-monitoring",
            description="Alarms and a dashboard for the tables of the key-value store",
            env=aws_cdk.Environment(account=config.account, region=config.region),
        )
        topic = AlarmTopic(self, config).resource
        metrics = {table: TableMetrics.of(table, config) for table in tables}
        for table, found in metrics.items():
            TableAlarms(self, table, config, metrics=found, topic=topic)
        TableDashboard(self, config, tuple(metrics.values()))
