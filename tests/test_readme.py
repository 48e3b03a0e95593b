"""The README's examples, run as they stand and in their order."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import Settings, variable
from tests.running_server import ROOT, Server, running_server

README = (ROOT / "README.md").read_text()
USE_IT = README.split("## Use it")[1].split("\n## ")[0]
EXAMPLES = re.findall(r"```(sh|js|python)\n(.*?)```", USE_IT, re.DOTALL)
RUN = {"sh": ["bash", "-euo", "pipefail"], "js": ["node"], "python": [sys.executable]}
SUFFIX = {"sh": ".sh", "js": ".mjs", "python": ".py"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("data")) as running:
        yield running


def test_the_examples_run_in_their_order(server: Server, tmp_path: Path) -> None:
    said = [_run(language, text, server, tmp_path) for language, text in EXAMPLES]
    assert [language for language, _ in EXAMPLES] == ["sh", "sh", "js", "python"]
    assert '"id":"readme"' in said[0]
    assert '"version":1' in said[1]
    assert said[2:] == ["user:123 John\n", "1\n"]


def test_every_page_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", README)
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_every_setting_has_a_row() -> None:
    assert [name for name in map(variable, Settings.model_fields) if f"`{name}`" not in README] == []


def test_the_changelog_has_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## [{version}] - " in (ROOT / "CHANGELOG.md").read_text()


def _run(language: str, text: str, server: Server, directory: Path) -> str:
    file = directory / f"example{SUFFIX[language]}"
    file.write_text(text)
    environment = {**os.environ, "KV_URL": server.url, "KV_API_KEY": server.key}
    done = subprocess.run(  # noqa: S603 - the README's own examples
        [*RUN[language], str(file)], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert '"errors"' not in done.stdout, done.stdout
    return done.stdout
