"""What callers would notice: errors, slowness, and servers that are gone."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk.config import Config

_PERIOD = Duration.minutes(1)


class ServiceAlarms(Construct):
    """Three alarms, and a dashboard of the same numbers."""

    def __init__(
        self, scope: Construct, config: Config, *, targets: elbv2.ApplicationTargetGroup, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, "ServiceAlarms")
        self._prefix = config.project_prefix
        self._action = actions.SnsAction(topic)
        metrics = targets.metrics
        errors = metrics.http_code_target(elbv2.HttpCodeTarget.TARGET_5XX_COUNT, period=_PERIOD)
        slow = metrics.target_response_time(statistic="p99", period=_PERIOD)
        gone = metrics.unhealthy_host_count(period=_PERIOD, statistic="Maximum")
        self._alarm("ServerErrors", errors, above=5, meaning="The server answers 5xx: look at its log")
        self._alarm("SlowAnswers", slow, above=1, meaning="One answer in a hundred takes over a second")
        self._alarm("UnhealthyServers", gone, above=0, meaning="A server does not answer /readyz")
        self._show([errors, slow, gone, metrics.request_count(period=_PERIOD)])

    def _alarm(self, kind: str, metric: cloudwatch.IMetric, *, above: float, meaning: str) -> None:
        alarm = cloudwatch.Alarm(
            self,
            kind,
            alarm_name=f"{self._prefix}-{kind}",
            alarm_description=meaning,
            metric=metric,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            threshold=above,
            datapoints_to_alarm=3,
            evaluation_periods=5,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)

    def _show(self, metrics: list[cloudwatch.IMetric]) -> None:
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=f"{self._prefix}-service",
            default_interval=Duration.hours(1),
            widgets=[[cloudwatch.GraphWidget(left=[metric], width=6, height=6) for metric in metrics]],
        )
