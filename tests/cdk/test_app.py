"""The app as a whole: which stacks there are, that they come out the same twice, and what cdk-nag says of them."""

import ast
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import aws_cdk
import pytest

import cdk
from cdk.app import build_app
from cdk.config import InvalidConfig
from tests.cdk.templates import ENVIRONMENTS, SERVICE, synthesised, without_assets

every_environment = pytest.mark.parametrize("environment", ENVIRONMENTS)
FOLDER = Path(cdk.__file__).parent

ACKNOWLEDGED = {
    # A new finding fails the synthesis; an accepted one stands here, and in the code with its reason.
    ("storage", "AwsSolutions-DDB3"),
    ("service", "AwsSolutions-EC23"),
    ("service", "AwsSolutions-ECS2"),
    ("service", "AwsSolutions-IAM5[Resource::*]"),
    ("service", "AwsSolutions-S1"),
}


def stacks(outdir: str | Path) -> dict[str, Any]:
    artifacts = json.loads((Path(outdir) / "manifest.json").read_text())["artifacts"]
    return {name: found for name, found in artifacts.items() if found["type"] == "aws:cloudformation:stack"}


@every_environment
def test_data_monitoring_and_service_are_stacks_of_their_own(environment: str) -> None:
    assert set(stacks(synthesised(environment))) == {
        f"kv-{environment}-{name}" for name in ("storage", "monitoring", "service")
    }


def test_without_a_certificate_there_is_no_service(tmp_path: Path) -> None:
    build_app({"environment": "dev"}, outdir=str(tmp_path)).synth()
    assert set(stacks(tmp_path)) == {"kv-dev-storage", "kv-dev-monitoring"}


@every_environment
def test_no_stack_imports_what_another_one_exports(environment: str) -> None:
    for found in synthesised(environment).glob("*.template.json"):
        text = found.read_text()
        assert "Fn::ImportValue" not in text
        assert "Fn::GetStackOutput" not in text


@every_environment
def test_stacks_that_hurt_to_lose_are_protected_in_prod(environment: str) -> None:
    found = stacks(synthesised(environment))
    protected = {name for name, stack in found.items() if stack["properties"].get("terminationProtection")}
    assert protected == ({"kv-prod-storage", "kv-prod-service"} if environment == "prod" else set())


def test_a_synthesis_depends_on_nothing_but_its_context(tmp_path: Path) -> None:
    build_app({"environment": "prod"} | dict(SERVICE), outdir=str(tmp_path)).synth()
    assert without_assets(tmp_path) == without_assets(synthesised("prod"))


def test_no_construct_reads_the_environment_or_the_clock_or_chance() -> None:
    for path in FOLDER.rglob("*.py"):
        if path.parent.name != "local":
            names = {name for node in ast.walk(ast.parse(path.read_text())) for name in imported(node)}
            assert not names & {"os", "time", "datetime", "random", "uuid", "secrets"}, path


def imported(node: ast.AST) -> set[str]:
    match node:
        case ast.Import(names=names):
            return {alias.name.split(".")[0] for alias in names}
        case ast.ImportFrom(module=str(module)):
            return {module.split(".")[0]}
    return set()


def test_an_unknown_environment_stops_the_synthesis() -> None:
    with pytest.raises(InvalidConfig, match="environment can't be 'qa'"):
        build_app({"environment": "qa"})


@every_environment
def test_cdk_nag_finds_nothing_that_was_not_accepted_with_a_reason(environment: str) -> None:
    (report,) = json.loads((synthesised(environment) / "validation-report.json").read_text())["pluginReports"]
    assert (report["pluginName"], report["conclusion"], report["violations"]) == ("AwsSolutions", "success", [])
    accepted = {
        (construct["constructPath"].split("/")[0].removeprefix(f"kv-{environment}-"), finding["ruleName"])
        for finding in report["suppressedViolations"]
        for construct in finding["violatingConstructs"]
    }
    assert accepted == ACKNOWLEDGED
    assert all(len(finding["reason"]) > 40 for finding in report["suppressedViolations"])


def test_cdk_nag_stops_the_synthesis_at_a_finding_nobody_accepted(tmp_path: Path) -> None:
    app = build_app({"environment": "dev"}, outdir=str(tmp_path))
    aws_cdk.aws_s3.Bucket(aws_cdk.Stack(app, "careless"), "Bucket")
    with pytest.raises(RuntimeError, match="AwsSolutions-S10"):
        app.synth()


def test_deprecated_interfaces_fail() -> None:
    stack = aws_cdk.Stack(aws_cdk.App(), "old")
    key = aws_cdk.aws_dynamodb.Attribute(name="PK", type=aws_cdk.aws_dynamodb.AttributeType.STRING)
    with pytest.raises(RuntimeError, match="pointInTimeRecovery is deprecated"):
        aws_cdk.aws_dynamodb.Table(stack, "Table", partition_key=key, point_in_time_recovery=True)


def test_cdk_json_has_every_feature_flag_that_the_library_recommends() -> None:
    (archive,) = (Path(aws_cdk.__file__).parent / "_jsii").glob("aws-cdk-lib@*.tgz")
    with tarfile.open(archive) as library:
        member = library.extractfile("package/recommended-feature-flags.json")
        assert member is not None
        recommended = json.load(member)
    context = json.loads((FOLDER / "cdk.json").read_text())["context"]
    assert recommended.items() <= context.items()


def test_the_clis_context_wins_and_a_wrong_one_is_told_in_one_line(tmp_path: Path) -> None:
    """As cdk.json starts the app; the CLI hands its -c values over in the environment."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "cdk.app"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(FOLDER.parent), "CDK_CONTEXT_JSON": json.dumps({"environment": "qa"})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "The context value environment can't be 'qa': pass -c environment=dev|staging|prod.\n"
