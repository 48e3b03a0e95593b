"""What is exactly pinned, because its next version may not work: npm's newest aws-cdk did not."""

import json
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import cdk

ROOT = Path(cdk.__file__).parents[1]


def python_pins() -> dict[str, str]:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    return dict(line.split("==") for line in extras["cdk"])


@pytest.mark.parametrize(
    ("package", "pinned"), [("aws-cdk-lib", "2.275.0"), ("cdk-nag", "3.0.2"), ("constructs", "10.8.1")]
)
def test_the_libraries_are_the_ones_that_were_tried(package: str, pinned: str) -> None:
    assert python_pins()[package] == pinned == version(package)


def test_the_cli_is_the_one_that_reads_what_the_library_writes() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]["aws-cdk"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]["node_modules/aws-cdk"]["version"]
    installed = json.loads((ROOT / "node_modules/aws-cdk/package.json").read_text())["version"]
    assert wanted == locked == installed == "2.1148.1"


def test_the_emulator_is_the_one_whose_private_names_the_shim_uses() -> None:
    assert "ministack==1.5.33" in (ROOT / "cdk/local/requirements.txt").read_text().splitlines()
