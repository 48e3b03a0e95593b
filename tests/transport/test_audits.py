"""graphql-http's audits of GraphQL over HTTP, run from npm against the real server (G1)."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.transport.conftest import Live

SCRIPT = Path(__file__).with_name("audit.mjs")
NODE = shutil.which("node")
PACKAGE = SCRIPT.parents[2] / "node_modules" / "graphql-http"


@pytest.fixture(scope="module")
def audits(live: Live) -> list[dict[str, Any]]:
    if NODE is None or not PACKAGE.is_dir():
        pytest.skip("node, or the npm packages, are not installed: run npm ci")
    run = subprocess.run(  # noqa: S603 - our own script
        [NODE, SCRIPT, live.url, "good"], capture_output=True, check=True, text=True, timeout=60
    )
    results: list[dict[str, Any]] = json.loads(run.stdout)
    return results


@pytest.mark.node
def test_all_61_audits_are_ok(audits: list[dict[str, Any]]) -> None:
    assert [each for each in audits if each["status"] != "ok"] == []
    assert len(audits) == 61
