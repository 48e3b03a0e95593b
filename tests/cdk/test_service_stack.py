"""The server in an account: who reaches it, what it may do, and how it is told what to be."""

from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from tests.cdk.templates import ENVIRONMENTS, flat, resources, template
from transport.serving import KEEP_ALIVE_SECONDS

every_environment = pytest.mark.parametrize("environment", ENVIRONMENTS)
SUFFIX = {"dev": "-dev", "staging": "-staging", "prod": ""}
ACCOUNT = "us-east-1:${AWS::AccountId}"


def only(environment: str, kind: str) -> Any:
    ((_, resource),) = resources(template(environment, "service"), kind)
    return flat(resource["Properties"])


def statements(environment: str, role: str) -> list[Any]:
    found = [
        statement
        for _, policy in resources(template(environment, "service"), "AWS::IAM::Policy")
        if role in flat(policy["Properties"]["Roles"])[0]
        for statement in flat(policy["Properties"]["PolicyDocument"]["Statement"])
    ]
    assert found
    return found


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def container(environment: str) -> Any:
    (found,) = only(environment, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    return found


@every_environment
def test_the_server_may_do_what_its_access_patterns_do_where_they_do_it_and_no_more(environment: str) -> None:
    def resource(pattern: AccessPattern) -> str:
        table = f"arn:aws:dynamodb:{ACCOUNT}:table/{pattern.table.name}{SUFFIX[environment]}"
        return f"{table}/index/{pattern.index.name}" if pattern.index else table

    granted = {
        (action, resource)
        for statement in statements(environment, "TaskRole")
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
        if action.startswith("dynamodb:")
    }
    assert granted == {
        (f"dynamodb:{action}", resource(pattern)) for pattern in AccessPattern for action in pattern.actions.split()
    }


@every_environment
def test_the_server_may_read_the_names_of_its_tables_and_nothing_else_besides(environment: str) -> None:
    granted = {
        (action, resource.split(":parameter")[-1])
        for statement in statements(environment, "TaskRole")
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
        if not action.startswith("dynamodb:")
    }
    assert granted == {
        ("ssm:GetParameters", f"/kv-{environment}/{name}-table-name")
        for name in (
            "storage/kv-storage-data",
            "quota/user-quotas",
            "quota/quota-events",
            "cost-tracking/sessions-metadata",
            "auth/oidc-state",
        )
    }


@every_environment
def test_no_policy_has_a_scan_or_a_wildcard_but_for_the_registry_login_that_knows_no_resource(environment: str) -> None:
    for role in ("TaskRole", "ExecutionRole"):
        for statement in statements(environment, role):
            actions = as_list(statement["Action"])
            assert not [action for action in actions if "*" in action or action.endswith("Scan")]
            if actions != ["ecr:GetAuthorizationToken"]:
                assert not [resource for resource in as_list(statement["Resource"]) if "*" in resource]


@every_environment
def test_operators_are_told_where_the_service_is(environment: str) -> None:
    outputs = template(environment, "service")["Outputs"]
    assert {"LoadBalancerName", "ClusterName", "ServiceName"} <= set(outputs)


@every_environment
def test_the_only_way_in_is_tls_on_443(environment: str) -> None:
    listener = only(environment, "AWS::ElasticLoadBalancingV2::Listener")
    assert (listener["Port"], listener["Protocol"]) == (443, "HTTPS")
    assert listener["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2")
    assert listener["Certificates"][0]["CertificateArn"].startswith("arn:aws:acm:")
    groups = [
        rule
        for _, group in resources(template(environment, "service"), "AWS::EC2::SecurityGroup")
        for rule in group["Properties"].get("SecurityGroupIngress", [])
    ]
    assert [(rule["CidrIp"], rule["FromPort"], rule["ToPort"]) for rule in groups] == [("0.0.0.0/0", 443, 443)]


@every_environment
def test_servers_have_no_public_address_and_take_the_balancers_requests_only(environment: str) -> None:
    network = only(environment, "AWS::ECS::Service")["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert network["AssignPublicIp"] == "DISABLED"
    assert all("PrivateSubnet" in subnet for subnet in network["Subnets"])
    ingress = only(environment, "AWS::EC2::SecurityGroupIngress")
    assert (ingress["FromPort"], ingress["ToPort"]) == (8000, 8000)
    assert "FrontDoor" in ingress["SourceSecurityGroupId"]


@every_environment
def test_the_server_is_told_its_tables_by_prefix_and_gets_its_secret_from_ssm(environment: str) -> None:
    found = container(environment)
    settings = {entry["Name"]: entry["Value"] for entry in found["Environment"]}
    assert settings["KV_SSM_PREFIX"] == f"/kv-{environment}"
    assert (settings["KV_ENGINE"], settings["KV_HOST"], settings["KV_PORT"]) == ("aws", "0.0.0.0", "8000")
    assert [(entry["Name"], entry["ValueFrom"]) for entry in found["Secrets"]] == [
        ("KV_CURSOR_KEYS", f"arn:aws:ssm:{ACCOUNT}:parameter/kv-{environment}/service/cursor-keys")
    ]
    assert not [name for name in settings if "KEY" in name or "SECRET" in name]


def test_with_an_issuer_the_server_is_told_of_it_and_gets_the_clients_secret_from_ssm() -> None:
    given = {
        "oidcIssuer": "https://issuer.example",
        "oidcClientId": "kv",
        "oidcRedirectUris": "https://app.example/callback",
        "oidcAudience": "https://kv.example",
    }
    ((_, task),) = resources(template("dev", "service", *given.items()), "AWS::ECS::TaskDefinition")
    found = flat(task["Properties"]["ContainerDefinitions"][0])
    settings = {entry["Name"]: entry["Value"] for entry in found["Environment"]}
    assert [settings[f"KV_OIDC_{name}"] for name in ("ISSUER", "CLIENT_ID", "REDIRECT_URIS", "AUDIENCE")] == [
        *given.values()
    ]
    secrets = {entry["Name"]: entry["ValueFrom"] for entry in found["Secrets"]}
    assert secrets["KV_OIDC_CLIENT_SECRET"].endswith(f":{ACCOUNT}:parameter/kv-dev/service/oidc-client-secret")


@every_environment
def test_the_schema_can_be_looked_at_everywhere_but_in_prod_and_graphiql_nowhere(environment: str) -> None:
    settings = {entry["Name"]: entry["Value"] for entry in container(environment)["Environment"]}
    assert settings["KV_INTROSPECTION"] == ("false" if environment == "prod" else "true")
    assert settings["KV_GRAPHIQL"] == "false"


@every_environment
def test_the_server_can_not_write_to_its_own_disk(environment: str) -> None:
    assert container(environment)["ReadonlyRootFilesystem"] is True


@every_environment
def test_a_version_that_does_not_become_ready_is_rolled_back_while_the_old_one_serves(environment: str) -> None:
    found = only(environment, "AWS::ECS::Service")["DeploymentConfiguration"]
    assert found["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert found["MinimumHealthyPercent"] == 100
    target = only(environment, "AWS::ElasticLoadBalancingV2::TargetGroup")
    assert target["HealthCheckPath"] == "/readyz"


@every_environment
def test_prod_runs_two_servers_at_least_and_more_when_they_are_busy(environment: str) -> None:
    found = only(environment, "AWS::ApplicationAutoScaling::ScalableTarget")
    assert found["MinCapacity"] == (2 if environment == "prod" else 1)
    assert found["MaxCapacity"] > found["MinCapacity"]


@every_environment
def test_traffic_to_the_table_stays_off_the_internet(environment: str) -> None:
    endpoint = only(environment, "AWS::EC2::VPCEndpoint")
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["ServiceName"] == "com.amazonaws.${AWS::Region}.dynamodb"


@every_environment
def test_the_balancer_gives_up_idle_connections_before_the_server_does(environment: str) -> None:
    """Or it sends a request into a connection that has just been closed, and its caller gets a 502."""
    found = only(environment, "AWS::ElasticLoadBalancingV2::LoadBalancer")["LoadBalancerAttributes"]
    (idle,) = (entry["Value"] for entry in found if entry["Key"] == "idle_timeout.timeout_seconds")
    assert int(idle) < KEEP_ALIVE_SECONDS


@every_environment
def test_requests_and_refused_connections_are_logged_for_a_while(environment: str) -> None:
    bucket = only(environment, "AWS::S3::Bucket")
    assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] > 0
    attributes = {
        entry["Key"]: entry["Value"]
        for entry in only(environment, "AWS::ElasticLoadBalancingV2::LoadBalancer")["LoadBalancerAttributes"]
    }
    assert attributes["access_logs.s3.enabled"] == "true"
    assert only(environment, "AWS::EC2::FlowLog")["TrafficType"] == "REJECT"


@every_environment
def test_errors_slowness_and_missing_servers_raise_alarms(environment: str) -> None:
    found = [
        resource["Properties"] for _, resource in resources(template(environment, "service"), "AWS::CloudWatch::Alarm")
    ]
    assert {(alarm["AlarmName"].removeprefix(f"kv-{environment}-"), alarm["MetricName"]) for alarm in found} == {
        ("ServerErrors", "HTTPCode_Target_5XX_Count"),
        ("SlowAnswers", "TargetResponseTime"),
        ("UnhealthyServers", "UnHealthyHostCount"),
    }
