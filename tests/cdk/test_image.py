"""The server's image, as far as Docker is not needed: what goes into it is enough, and is all copied."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cdk.templates import synthesised

INSTRUCTIONS = re.compile(r"^COPY (.+) (\S+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def context() -> Path:
    """The folder that the CDK hands to docker build."""
    (folder,) = (found for found in synthesised("dev").glob("asset.*") if found.is_dir())
    return folder


def test_what_the_dockerfile_copies_is_in_the_context_and_nothing_else(context: Path) -> None:
    copied = {name for names, _ in INSTRUCTIONS.findall((context / "Dockerfile").read_text()) for name in names.split()}
    assert {found.name for found in context.iterdir()} - {"Dockerfile", ".dockerignore"} == copied


def test_the_context_holds_all_that_the_server_imports(context: Path) -> None:
    """In a process that finds no other source of ours than the context's."""
    check = "import sys, server, datastore; print(server.__file__, datastore.__file__)"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", check],
        cwd=context,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert all(Path(found).is_relative_to(context.resolve()) for found in done.stdout.split())


def test_no_secret_and_no_test_goes_into_the_image(context: Path) -> None:
    names = {found.name for found in context.rglob("*")}
    assert not names & {".data", ".git", "admin-api-key", "cursor-key", "tests", "cdk"}


def test_the_server_does_not_run_as_root(context: Path) -> None:
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", (context / "Dockerfile").read_text(), re.MULTILINE)
