"""The CloudWatch metrics of one table, each as one number a minute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk.config import Config
from cdk.names import table_name
from cdk.permissions import operations
from datastore.tables import Table

_PERIOD = Duration.minutes(1)


@dataclass(frozen=True)
class TableMetrics:
    """`operations` are those whose latency and errors are watched."""

    name: str
    indexes: tuple[str, ...]
    operations: tuple[str, ...]

    @classmethod
    def of(cls, table: Table, config: Config) -> "TableMetrics":
        watched = tuple(name for name in operations(table) if name != "ConditionCheckItem")  # has no metrics
        return cls(table_name(config, table), tuple(index.name for index in table.indexes), watched)

    def throttles(self, way: Literal["Read", "Write"]) -> cloudwatch.IMetric:
        """Of the table and its indexes: a throttled index throttles the writes to its table."""
        places: list[dict[str, str]] = [{}, *({"GlobalSecondaryIndexName": index} for index in self.indexes)]
        return _sum(self._metric(f"{way}ThrottleEvents", place) for place in places)

    def transaction_conflicts(self) -> cloudwatch.IMetric:
        return self._metric("TransactionConflict")

    def system_errors(self) -> cloudwatch.IMetric:
        return _sum(self._metric("SystemErrors", {"Operation": name}) for name in self.operations)

    def latency(self, statistic: str) -> tuple[cloudwatch.Metric, ...]:
        return tuple(
            self._metric("SuccessfulRequestLatency", {"Operation": name}, statistic) for name in self.operations
        )

    def slowest_median(self) -> cloudwatch.IMetric:
        """The median latency of the slowest operation, in milliseconds."""
        return _combine("MAX", self.latency("p50"))

    def consumed(self) -> tuple[cloudwatch.Metric, ...]:
        return self._metric("ConsumedReadCapacityUnits"), self._metric("ConsumedWriteCapacityUnits")

    def _metric(
        self, name: str, dimensions: Mapping[str, str] | None = None, statistic: str = "Sum"
    ) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/DynamoDB",
            metric_name=name,
            dimensions_map={"TableName": self.name, **(dimensions or {})},
            statistic=statistic,
            period=_PERIOD,
        )


def _sum(metrics: Iterable[cloudwatch.Metric]) -> cloudwatch.MathExpression:
    return _combine("SUM", metrics)


def _combine(function: str, metrics: Iterable[cloudwatch.Metric]) -> cloudwatch.MathExpression:
    """An alarm takes ten metrics at most: a table and nine indexes."""
    named: dict[str, cloudwatch.IMetric] = {
        f"{metric.metric_name[0].lower()}{metric.metric_name[1:]}{number}": metric  # unique in its graph
        for number, metric in enumerate(metrics)
    }
    filled = ",".join(f"FILL({name},0)" for name in named)  # a minute without an event has no datapoint
    return cloudwatch.MathExpression(
        expression=f"{function}([{filled}])", using_metrics=named, label=function.lower(), period=_PERIOD
    )
