"""Nothing here can reach a real account."""

import os
import socket
from pathlib import Path

import pytest

from cdk.local.cdk_cli import CdkCli
from cdk.local.deploy import PID_FILE
from cdk.local.emulator import Emulator, NotLoopback, NotStarted, refuse_distant
from cdk.local.stop import stop


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:4566", "http://[::1]:4566", "http://127.8.8.8"])
def test_a_loopback_endpoint_is_used_as_it_is(endpoint: str) -> None:
    assert refuse_distant(endpoint) == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://dynamodb.us-east-1.amazonaws.com",
        "http://10.0.0.1:4566",
        "http://127.0.0.1.example.com:4566",
        "http://127.0.0.1@example.com:4566",
        "http://localhost:4566",
        "127.0.0.1:4566",
        "",
    ],
)
def test_any_other_endpoint_is_refused(endpoint: str) -> None:
    with pytest.raises(NotLoopback, match=r"use http://127\.0\.0\.1"):
        refuse_distant(endpoint)


class DistantEmulator(Emulator):
    endpoint = "https://cloudformation.us-east-1.amazonaws.com"


def test_the_cli_is_not_started_for_an_endpoint_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(NotLoopback):
        CdkCli(DistantEmulator(1, tmp_path), "dev").bootstrap()


def test_the_cli_gets_none_of_this_accounts_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL_CLOUDFORMATION"):
        monkeypatch.setenv(name, "real")
    variables = CdkCli(Emulator(4566, tmp_path), "dev")._variables()
    assert "real" not in variables.values()
    assert variables["AWS_CONFIG_FILE"] == variables["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_an_emulator_that_can_not_have_its_port_says_where_to_look(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        emulator = Emulator(taken.getsockname()[1], tmp_path)
        with pytest.raises(NotStarted, match=r"did not answer on port \d+: see .*ministack\.log"):
            emulator.start()


def test_stopping_leaves_alone_what_is_not_the_emulator(tmp_path: Path) -> None:
    assert stop(tmp_path) == "There is no emulator of make deploy-local to stop."
    (tmp_path / PID_FILE).write_text(str(os.getpid()))
    assert "had already ended" in stop(tmp_path)
    assert not (tmp_path / PID_FILE).exists()
