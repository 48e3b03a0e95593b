"""Alarms and graphs of the tables."""

import json
from typing import Any

import pytest

from tests.cdk.templates import ENVIRONMENTS, flat, resources, template

every_environment = pytest.mark.parametrize("environment", ENVIRONMENTS)
SUFFIX = {"dev": "-dev", "staging": "-staging", "prod": ""}


def alarm(environment: str, name: str) -> Any:
    found = {
        resource["Properties"]["AlarmName"]: resource["Properties"]
        for _, resource in resources(template(environment, "monitoring"), "AWS::CloudWatch::Alarm")
    }
    return found[f"kv-{environment}-{name}"]


def metrics(properties: Any) -> list[tuple[str, str, dict[str, str]]]:
    """Name, statistic and dimensions of each metric that an alarm looks at."""
    stats = [entry["MetricStat"] for entry in properties.get("Metrics", []) if "MetricStat" in entry]
    inputs = [(stat["Metric"], stat["Stat"]) for stat in stats] or [(properties, properties["Statistic"])]
    return [(metric["MetricName"], stat, dimensions(metric)) for metric, stat in inputs]


def dimensions(metric: Any) -> dict[str, str]:
    return {dimension["Name"]: dimension["Value"] for dimension in metric["Dimensions"]}


@every_environment
@pytest.mark.parametrize("way", ["Read", "Write"])
def test_throttles_of_the_main_table_and_of_each_index_are_watched(environment: str, way: str) -> None:
    found = metrics(alarm(environment, f"kv-storage-data-{way}Throttles"))
    assert {name for name, _, _ in found} == {f"{way}ThrottleEvents"}
    indexes = {where.get("GlobalSecondaryIndexName") for _, _, where in found}
    assert indexes == {None, "GSI1", "EmailDomainIndex", "CreatedAtIndex", "OwnerStatusIndex"}
    assert {where["TableName"] for _, _, where in found} == {f"kv-storage-data{SUFFIX[environment]}"}


@every_environment
def test_transaction_conflicts_are_watched(environment: str) -> None:
    assert metrics(alarm(environment, "kv-storage-data-TransactionConflicts")) == [
        ("TransactionConflict", "Sum", {"TableName": f"kv-storage-data{SUFFIX[environment]}"})
    ]


@every_environment
@pytest.mark.parametrize(
    ("kind", "metric", "statistic"),
    [("SystemErrors", "SystemErrors", "Sum"), ("Latency", "SuccessfulRequestLatency", "p50")],
)
def test_errors_and_latency_are_watched_for_every_operation_in_use(
    environment: str, kind: str, metric: str, statistic: str
) -> None:
    found = metrics(alarm(environment, f"kv-storage-data-{kind}"))
    assert {(name, stat) for name, stat, _ in found} == {(metric, statistic)}
    assert {"GetItem", "UpdateItem", "Query"} <= {where["Operation"] for _, _, where in found}


@every_environment
def test_the_latency_alarm_is_at_the_ten_milliseconds_that_were_promised(environment: str) -> None:
    assert alarm(environment, "kv-storage-data-Latency")["Threshold"] == 10


@every_environment
@pytest.mark.parametrize("table", ["user-quotas", "quota-events", "sessions-metadata", "oidc-state"])
@pytest.mark.parametrize("way", ["Read", "Write"])
def test_throttles_of_the_other_tables_are_watched(environment: str, table: str, way: str) -> None:
    found = metrics(alarm(environment, f"{table}-{way}Throttles"))
    assert {where["TableName"] for _, _, where in found} == {f"{table}{SUFFIX[environment]}"}


@every_environment
def test_every_alarm_tells_the_topic_what_is_wrong_and_when_it_is_over(environment: str) -> None:
    found = template(environment, "monitoring")
    ((topic, _),) = resources(found, "AWS::SNS::Topic")
    for _, resource in resources(found, "AWS::CloudWatch::Alarm"):
        properties = resource["Properties"]
        assert flat(properties["AlarmActions"]) == flat(properties["OKActions"]) == [f"${{{topic}}}"]
        assert properties["AlarmDescription"]
        assert properties["TreatMissingData"] == "notBreaching"


@every_environment
def test_no_alarm_looks_at_more_than_the_ten_metrics_that_cloudwatch_allows(environment: str) -> None:
    for _, resource in resources(template(environment, "monitoring"), "AWS::CloudWatch::Alarm"):
        assert len(metrics(resource["Properties"])) <= 10


@every_environment
def test_cloudwatch_may_publish_and_nobody_may_without_tls(environment: str) -> None:
    ((_, policy),) = resources(template(environment, "monitoring"), "AWS::SNS::TopicPolicy")
    denied, allowed = policy["Properties"]["PolicyDocument"]["Statement"]
    assert denied["Effect"] == "Deny"
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (allowed["Effect"], allowed["Principal"]) == ("Allow", {"Service": "cloudwatch.amazonaws.com"})


def test_an_address_given_in_the_context_is_told() -> None:
    found = template("dev", "monitoring", ("alarmEmail", "ops@example.com"))
    ((_, subscription),) = resources(found, "AWS::SNS::Subscription")
    assert subscription["Properties"]["Endpoint"] == "ops@example.com"


@every_environment
def test_the_dashboard_shows_every_table(environment: str) -> None:
    ((_, dashboard),) = resources(template(environment, "monitoring"), "AWS::CloudWatch::Dashboard")
    widgets = json.loads(flat(dashboard["Properties"]["DashboardBody"]).replace("${AWS::Region}", "x"))["widgets"]
    titles = [widget["properties"]["title"] for widget in widgets]
    for table in ("kv-storage-data", "user-quotas", "quota-events", "sessions-metadata", "oidc-state"):
        assert f"{table}{SUFFIX[environment]}: throttles" in titles
