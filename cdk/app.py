"""The app: the stacks of one environment, for the CDK CLI and for the tests alike."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import aws_cdk
from cdk_nag import AwsSolutionsChecks

from cdk.config import InvalidConfig, read_config
from cdk.stacks.monitoring_stack import MonitoringStack
from cdk.stacks.service_stack import ServiceStack
from cdk.stacks.storage_stack import StorageStack
from datastore.tables import TABLES, Table


def build_app(
    context: Mapping[str, object] | None = None, *, outdir: str | None = None, tables: Sequence[Table] = TABLES
) -> aws_cdk.App:
    """All stacks of the environment that the context names, not yet synthesised.

    cdk.json is read here too, because only the CLI does it by itself, and without its feature flags a test would
    look at templates that nobody deploys. The CLI's own -c values come through the environment and win.
    """
    app = aws_cdk.App(context=_cdk_json() | dict(context or {}), outdir=outdir)
    config = read_config(app.node.try_get_context)
    storage = StorageStack(app, config, tables)
    MonitoringStack(app, config, tables).add_stack_dependency(storage)
    if config.certificate_arn:
        ServiceStack(app, config).add_stack_dependency(storage)
    aws_cdk.Tags.of(app).add("project", config.project)
    aws_cdk.Tags.of(app).add("environment", config.environment)
    aws_cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))
    return app


def _cdk_json() -> dict[str, object]:
    settings: dict[str, dict[str, object]] = json.loads(Path(__file__).with_name("cdk.json").read_text())
    return settings["context"]


if __name__ == "__main__":
    try:
        build_app().synth()
    except InvalidConfig as refusal:
        raise SystemExit(str(refusal)) from refusal
