"""CloudFormation's own rules, as errors: on here, off in the other tests, for it takes seconds a template."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import cdk

ROOT = Path(cdk.__file__).parents[1]
_SYNTHESIS = """
import sys
from aws_cdk import Stack, aws_dynamodb
from cdk.app import build_app
from tests.cdk.templates import SERVICE

app = build_app({"environment": "prod"} | dict(SERVICE), outdir=sys.argv[1])
if sys.argv[2] == "broken":
    keys = [aws_dynamodb.CfnTable.KeySchemaProperty(attribute_name="PK", key_type="HASH")]
    aws_dynamodb.CfnTable(Stack(app, "broken"), "Table", key_schema=keys, attribute_definitions=[])
app.synth()
"""


def synthesise(outdir: Path, which: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "CDK_VALIDATION"}
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _SYNTHESIS, outdir, which],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_every_template_holds_against_the_rules_of_cloudformation(tmp_path: Path) -> None:
    done = synthesise(tmp_path, "whole")
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("*.template.json"))) == 3


@pytest.mark.slow
def test_a_template_that_breaks_a_rule_is_refused(tmp_path: Path) -> None:
    done = synthesise(tmp_path, "broken")
    assert done.returncode != 0
    assert "AttributeDefinitions" in done.stderr
    assert "ValidationFailed" in done.stderr
