"""docs/deploy.md says nothing that is not so: its proofs exist, its sums add up, its counts are the templates'."""

import ast
import json
import re
from pathlib import Path

import pytest

import cdk
from cdk.config import CAPACITY, Environment
from tests.cdk.templates import resources, template

ROOT = Path(cdk.__file__).parents[1]
PAGE = (ROOT / "docs/deploy.md").read_text().replace("\N{MULTIPLICATION SIGN}", "*")
PROOFS = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
SUMS = re.findall(r"([\d.(][\d.()+* ]*[\d.)]) = ([\d.]+)", PAGE)


@pytest.mark.parametrize(("path", "name"), PROOFS, ids=[name for _, name in PROOFS])
def test_every_proof_is_a_test(path: str, name: str) -> None:
    functions = {node.name for node in ast.parse((ROOT / path).read_text()).body if isinstance(node, ast.FunctionDef)}
    assert name in functions


def test_each_of_the_promised_criteria_has_a_proof() -> None:
    rows = PAGE.split("## What was promised")[1].splitlines()
    proven = [row for row in rows if row.startswith("| ") and "::" in row]
    assert len(proven) == 10


@pytest.mark.parametrize(("terms", "total"), SUMS)
def test_every_sum_adds_up(terms: str, total: str) -> None:
    digits = len(total.partition(".")[2])
    assert round(_value(ast.parse(terms.strip(), mode="eval").body), digits) == float(total)


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _value(left) + _value(right)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _value(left) * _value(right)
    raise ValueError(ast.dump(node))


@pytest.mark.parametrize(("stack", "place"), [("monitoring", "tables"), ("service", "service")])
def test_alarms_are_charged_for_as_many_metrics_as_they_watch(stack: str, place: str) -> None:
    watched = 0
    for _, alarm in resources(template("prod", stack), "AWS::CloudWatch::Alarm"):
        watched += sum("MetricStat" in metric for metric in alarm["Properties"].get("Metrics", [])) or 1
    assert f"alarms on the {place}: {watched} metrics" in PAGE


@pytest.mark.parametrize("environment", [Environment.DEV, Environment.PROD])
def test_the_service_is_charged_for_as_much_as_it_has(environment: Environment) -> None:
    """Column 1 of the table is dev, column 2 prod."""
    capacity = CAPACITY[environment]
    many = f"{capacity.min_tasks} * " if capacity.min_tasks > 1 else ""
    cores = f"{capacity.cpu / 1024:g} * 0.04048 + {capacity.memory / 1024:g} * 0.004445"
    assert f"{many}730 * ({cores})" in PAGE
    gateways = f"{capacity.nat_gateways} * " if capacity.nat_gateways > 1 else ""
    assert f"| {gateways}730 * 0.045 = " in PAGE
    assert f"{2 + capacity.nat_gateways} * 730 * 0.005" in PAGE  # the balancer has one in each of two zones


def test_every_value_of_the_context_is_explained_with_its_default() -> None:
    rows = PAGE.split("### What the context takes")[1].split("\n###")[0]
    context = json.loads((ROOT / "cdk/cdk.json").read_text())["context"]
    for name, value in context.items():
        if not name.startswith("@"):
            assert f"| `{name}` | `{value}` |" in rows
