"""How a table can hurt the service, with an alarm for each way: throttled, contended, failing, slow."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk.config import Config
from cdk.constructs.table_metrics import TableMetrics
from cdk.names import construct_id
from datastore.tables import Table


@dataclass(frozen=True)
class _Limit:
    """An alarm goes off when the metric is over `threshold` in `points` of `periods` periods."""

    above: float
    points: int
    periods: int
    meaning: str


# fmt: off
_LIMITS = {
    #                              above  of periods  what it means, for whoever is woken
    "ReadThrottles":       _Limit(     0,   2,  3,    "One hot partition, or growth faster than DynamoDB follows"),
    "WriteThrottles":      _Limit(     0,   2,  3,    "One hot partition of the table, or of one of its indexes"),
    "TransactionConflicts": _Limit(   10,   3,  5,    "Transactions collide: one hot namespace or user"),
    "SystemErrors":        _Limit(     5,   2,  3,    "DynamoDB itself fails: see the AWS Health Dashboard"),
    "Latency":             _Limit(    10,   3,  5,    "The median request takes longer than the target"),
}
# fmt: on


class TableAlarms(Construct):
    """Tables that no access pattern uses have throttles only: the other metrics go by operation."""

    def __init__(
        self, scope: Construct, table: Table, config: Config, *, metrics: TableMetrics, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, f"{construct_id(table.name)}Alarms")
        self._prefix = f"{config.project_prefix}-{table.name}"
        self._action = actions.SnsAction(topic)
        self._alarm("ReadThrottles", metrics.throttles("Read"))
        self._alarm("WriteThrottles", metrics.throttles("Write"))
        if metrics.operations:
            self._alarm("TransactionConflicts", metrics.transaction_conflicts())
            self._alarm("SystemErrors", metrics.system_errors())
            self._alarm("Latency", metrics.slowest_median())

    def _alarm(self, kind: str, metric: cloudwatch.IMetric) -> None:
        limit = _LIMITS[kind]
        alarm = cloudwatch.Alarm(
            self,
            kind,
            alarm_name=f"{self._prefix}-{kind}",
            alarm_description=limit.meaning,
            metric=metric,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            threshold=limit.above,
            datapoints_to_alarm=limit.points,
            evaluation_periods=limit.periods,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
