"""A page of graphs: for each table what it does, how fast, and what went wrong."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk.config import Config
from cdk.constructs.table_metrics import TableMetrics


class TableDashboard(Construct):
    """One row of graphs a table; an hour at first sight."""

    def __init__(self, scope: Construct, config: Config, tables: Sequence[TableMetrics]) -> None:
        super().__init__(scope, "TableDashboard")
        cloudwatch.Dashboard(
            self,
            "Resource",
            dashboard_name=f"{config.project_prefix}-tables",
            default_interval=Duration.hours(1),
            widgets=[_row(metrics) for metrics in tables],
        )


def _row(metrics: TableMetrics) -> list[cloudwatch.IWidget]:
    graphs = [
        _graph(f"{metrics.name}: capacity consumed", metrics.consumed()),
        _graph(f"{metrics.name}: throttles", [metrics.throttles("Read"), metrics.throttles("Write")]),
    ]
    if metrics.operations:
        graphs.append(_graph(f"{metrics.name}: p50 in ms", metrics.latency("p50")))
        graphs.append(_graph(f"{metrics.name}: p99 in ms", metrics.latency("p99")))
        failures = [metrics.transaction_conflicts(), metrics.system_errors()]
        graphs.append(_graph(f"{metrics.name}: conflicts, errors", failures))
    return list(graphs)


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=24 // 5, height=5)
