"""A real Chromium, and for each module a server of its own on a fresh database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import launch
from tests.browser.visit import Visit

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server")
    address = f"http://127.0.0.1:{_free_port()}"
    settings = {"KV_PORT": address.rpartition(":")[2], "KV_DATA_DIR": str(folder / "data")}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "server.py"], cwd=PROJECT, env={**os.environ, **settings}, stdout=log, stderr=log
        )
        try:
            _wait_until_ready(server, address, folder / "log")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    """A first visit, in which the browser has nothing to complain about."""
    with chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(10_000)
        visit = Visit(context.new_page(), address)
        visit.begin()
        yield visit
        assert visit.complaints == []


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        assert server.poll() is None, f"the server has stopped: {log.read_text()}"
        assert time.monotonic() < deadline, f"the server does not get ready: {log.read_text()}"
        try:
            with urlopen(f"{address}/readyz", timeout=5):  # noqa: S310 - our own address
                return
        except (URLError, ConnectionError):
            time.sleep(0.05)
