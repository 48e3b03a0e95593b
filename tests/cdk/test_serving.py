"""make deploy-local, then the server on the tables that CloudFormation made: the access patterns over GraphQL."""

import dataclasses
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from cdk.local.deploy import PID_FILE, deploy, start_once
from cdk.local.emulator import Emulator
from cdk.local.stop import stop
from tests.running_server import Server, running_server, start

pytestmark = pytest.mark.slow

SIGN_UP = """mutation {
  signUp(input: { email: "test@example.com", password: "correct horse" }) { apiKey user { userId } }
}"""
PUT = """mutation ($key: String!, $value: AWSJSON!) {
  putKey(input: { namespace: "myapp", key: $key, value: $value }) { key value version }
}"""


@dataclasses.dataclass(frozen=True)
class Deployment:
    """What make deploy-local leaves."""

    emulator: Emulator
    outputs: dict[str, str]

    def table(self) -> Any:
        resource = boto3.resource(
            "dynamodb",
            endpoint_url=self.emulator.endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        return resource.Table(self.outputs["TableName"])


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    emulator = Emulator(port, tmp_path_factory.mktemp("local"))
    process = start_once(emulator)
    assert process is not None
    try:
        yield Deployment(emulator, deploy(emulator, "prod")["kv-prod-storage"])
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def server(local: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With the command that make deploy-local prints."""
    endpoint, prefix = local.emulator.endpoint, local.outputs["SsmPrefix"]
    with running_server(tmp_path_factory.mktemp("data"), KV_ENDPOINT_URL=endpoint, KV_SSM_PREFIX=prefix) as running:
        yield running


@pytest.fixture(scope="module")
def user(server: Server) -> tuple[Server, str]:
    """Somebody who signed up, has a namespace and three keys in it; and his id."""
    made = server.ask(SIGN_UP)["signUp"]
    caller = dataclasses.replace(server, key=made["apiKey"])
    caller.ask('mutation { createNamespace(input: { id: "myapp" }) { id } }')
    for key in ("user:123", "user:124", "visit:1"):
        caller.ask(PUT, key=key, value='{"name": "John"}')
    return caller, made["user"]["userId"]


def test_pattern_1_a_user_by_id(user: tuple[Server, str]) -> None:
    caller, user_id = user
    query = "query ($id: ID!) { user(userId: $id) { email plan } }"
    assert caller.ask(query, id=user_id)["user"] == {"email": "test@example.com", "plan": "FREE"}


def test_pattern_2_a_user_by_api_key(server: Server, user: tuple[Server, str]) -> None:
    """The administrator's question."""
    caller, user_id = user
    query = "query ($key: String!) { userByApiKey(apiKey: $key) { userId } }"
    assert server.ask(query, key=caller.key)["userByApiKey"] == {"userId": user_id}


def test_pattern_3_the_namespaces_of_a_user(user: tuple[Server, str]) -> None:
    caller, _ = user
    assert caller.ask("{ namespaces { items { id } } }")["namespaces"] == {"items": [{"id": "myapp"}]}


def test_pattern_4_a_namespace(user: tuple[Server, str]) -> None:
    caller, user_id = user
    found = caller.ask('{ namespace(id: "myapp") { ownerId status } }')["namespace"]
    assert found == {"ownerId": user_id, "status": "ACTIVE"}


def test_pattern_5_a_key_made_read_changed_and_deleted(user: tuple[Server, str]) -> None:
    caller, _ = user
    read = '{ key(namespace: "myapp", key: "note") { value version } }'
    assert caller.ask(PUT, key="note", value='"one"')["putKey"]["version"] == 1
    assert caller.ask(PUT, key="note", value='"two"')["putKey"]["version"] == 2
    assert caller.ask(read)["key"] == {"value": '"two"', "version": 2}
    caller.ask('mutation { deleteKey(input: { namespace: "myapp", key: "note" }) { key } }')
    assert caller.ask(read)["key"] is None


def test_pattern_6_keys_by_prefix(user: tuple[Server, str]) -> None:
    caller, _ = user
    found = caller.ask('{ keys(namespace: "myapp", prefix: "user:") { items { key } } }')["keys"]
    assert found == {"items": [{"key": "user:123"}, {"key": "user:124"}]}


def test_the_items_are_in_the_deployed_table(local: Deployment, user: tuple[Server, str]) -> None:
    item = local.table().get_item(Key={"PK": "NS#myapp", "SK": "KEY#user:123"})["Item"]
    assert item["value"] == {"name": "John"}
    assert (item["GSI1PK"], item["GSI1SK"]) == ("NS#myapp", "KEY#user:123")


def test_prods_tables_are_found_by_their_names_alone(
    local: Deployment, user: tuple[Server, str], tmp_path: Path
) -> None:
    caller, _ = user
    with running_server(tmp_path / "not yet there", KV_ENDPOINT_URL=local.emulator.endpoint) as other:
        query = '{ key(namespace: "myapp", key: "user:123") { value } }'
        assert dataclasses.replace(other, key=caller.key).ask(query)["key"] == {"value": '{"name":"John"}'}


def test_a_prefix_without_parameters_stops_the_start_and_says_what_to_do(local: Deployment, tmp_path: Path) -> None:
    process = start(tmp_path, KV_ENDPOINT_URL=local.emulator.endpoint, KV_SSM_PREFIX="/nowhere")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "SSM has no parameter /nowhere/auth/oidc-state-table-name, " in said
    assert "deploy the tables first" in said


def test_stop_local_ends_the_emulator_and_deploy_local_would_have_used_it_again(local: Deployment) -> None:
    """The last test of this file, for the emulator is gone after it."""
    pid = (local.emulator.folder / PID_FILE).read_text()
    assert start_once(local.emulator) is None
    assert stop(local.emulator.folder) == f"Stopped the emulator, process {pid}."
