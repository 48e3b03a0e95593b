"""The server as in production (engine aws), with exactly its task role's policy, where IAM is enforced."""

import dataclasses
import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from cdk.local.emulator import ACCOUNT, Emulator
from tests.cdk.templates import flat, resources, template
from tests.datastore.engine_probes import await_true
from tests.running_server import Server, start

pytestmark = pytest.mark.slow

ROOT_KEY = ("test", "test")
CURSOR_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="  # of a table that lives for seconds


@dataclasses.dataclass(frozen=True)
class Account:
    """An emulated account with the storage stack of dev."""

    endpoint: str

    def client(self, service: str, key: tuple[str, str] = ROOT_KEY) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=key[0],
            aws_secret_access_key=key[1],
        )

    def user_with(self, name: str, policy: Any) -> tuple[str, str]:
        """The access key of a user who may do what the policy says."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=json.dumps(policy))
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return made["AccessKeyId"], made["SecretAccessKey"]


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    emulator = Emulator(port, tmp_path_factory.mktemp("account"), enforces_iam=True)
    process = emulator.start()
    account = Account(emulator.endpoint)
    version = "/cdk-bootstrap/hnb659fds/version"  # which the template asks for
    account.client("ssm").put_parameter(Name=version, Value="30", Type="String")
    formation = account.client("cloudformation")
    body = json.dumps(template("dev", "storage"))
    formation.create_stack(StackName="storage", TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    formation.get_waiter("stack_create_complete").wait(
        StackName="storage", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    yield account
    process.terminate()
    process.wait(10)


def policy_of(stack: str, role: str) -> Any:
    """The policy of a role as the template has it, with its references filled in as the emulator does."""
    found = template("dev", stack)
    arns = {
        f"${{{name}.Arn}}": f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{table['Properties']['TableName']}"
        for name, table in resources(found, "AWS::DynamoDB::Table")
    }
    (document,) = (
        flat(policy["Properties"]["PolicyDocument"])
        for name, policy in resources(found, "AWS::IAM::Policy")
        if role in name
    )
    text = json.dumps(document).replace("${AWS::AccountId}", ACCOUNT)
    for reference, arn in arns.items():
        text = text.replace(reference, arn)
    return json.loads(text)


@pytest.fixture(scope="module")
def task_key(account: Account) -> tuple[str, str]:
    """The emulator holds ssm:GetParameters against no parameter's ARN, as AWS does, but against any resource."""
    policy = policy_of("service", "TaskRole")
    policy["Statement"].append({"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": "*"})
    return account.user_with("task", policy)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(account: Account, task_key: tuple[str, str], data_dir: Path) -> Iterator[Server]:
    process = start(
        data_dir,
        AWS_ACCESS_KEY_ID=task_key[0],
        AWS_CONFIG_FILE=os.devnull,
        AWS_ENDPOINT_URL=account.endpoint,
        AWS_SECRET_ACCESS_KEY=task_key[1],
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        KV_CURSOR_KEYS=CURSOR_KEY,
        KV_ENGINE="aws",
        KV_IDENTITY_CACHE_SECONDS="0",  # so that a deletion waits for no cache
        KV_SSM_PREFIX="/kv-dev",
    )
    assert process.stdout is not None
    port = _port(process)
    log = threading.Thread(target=process.stdout.read)  # or the pipe fills up, and the server waits for ever
    log.start()
    try:
        yield Server(process, port, "", [])
    finally:
        process.terminate()
        process.wait(30)
        log.join()
        process.stdout.close()


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("GraphQL"):
            return int(line.split("/graphql")[0].rpartition(":")[2])
    raise AssertionError(f"the server ended with {process.wait()}: {said}")


@pytest.fixture(scope="module")
def user(server: Server) -> Server:
    made = server.ask('mutation { signUp(input: { email: "test@example.com", password: "correct horse" }) { apiKey } }')
    caller = dataclasses.replace(server, key=made["signUp"]["apiKey"])
    caller.ask('mutation { createNamespace(input: { id: "myapp" }) { id } }')
    return caller


@pytest.mark.parametrize(
    "operation",
    [
        'mutation { putKey(input: { namespace: "myapp", key: "a", value: "1" }) { version } }',
        'mutation { putKey(input: { namespace: "myapp", key: "b", value: "1", idempotencyKey: "x" }) { version } }',
        'mutation { incrementKey(input: { namespace: "myapp", key: "n", by: 1 }) { value } }',
        'mutation { touchKey(namespace: "myapp", key: "a", expiresIn: 60) { ttl } }',
        'mutation { batchPutKeys(input: [{ namespace: "myapp", key: "c", value: "1" }]) { items { key } } }',
        'mutation { batchDeleteKeys(namespace: "myapp", keys: ["c"]) { keys } }',
        """mutation { transactKeys(writes: [
            { put: { namespace: "myapp", key: "d", value: "1" } }, { delete: { namespace: "myapp", key: "n" } },
            { check: { namespace: "myapp", key: "a", ifVersion: 2 } }
        ]) { key } }""",
        'mutation { updateNamespace(input: { id: "myapp", description: "ours" }) { id } }',
        'mutation { createApiKey(input: { name: "second" }) { secret } }',
        '{ key(namespace: "myapp", key: "a") { value } }',
        '{ keysByName(namespace: "myapp", keys: ["a", "b"]) { value } }',
        '{ keys(namespace: "myapp", prefix: "a") { items { key } } }',
        '{ keys(namespace: "myapp", consistent: true) { items { key } } }',
        "{ namespaces { items { id } } }",
        '{ namespace(id: "myapp") { members { items { role } } } }',
        "{ me { userId apiKeys { items { name } } } }",
        'mutation { deleteKey(input: { namespace: "myapp", key: "a" }) { key } }',
        'mutation { deleteNamespace(id: "myapp") { status } }',
    ],
    ids=lambda text: " ".join(str(text).split())[:60],
)
def test_the_task_role_is_enough_for(user: Server, operation: str) -> None:
    user.ask(operation)


def test_the_task_role_is_enough_for_the_deletion_of_a_namespace_in_the_background(user: Server) -> None:
    create = 'mutation { createNamespace(input: { id: "doomed" }) { id } }'
    user.ask(create)
    user.ask('mutation { putKey(input: { namespace: "doomed", key: "a", value: "1" }) { version } }')
    user.ask('mutation { deleteNamespace(id: "doomed") { status } }')
    await_true(lambda: "errors" not in user.post(create), seconds=90)  # the name is free


def test_the_task_role_is_enough_for_the_deletion_of_an_account_in_the_background(server: Server) -> None:
    sign_up = 'mutation { signUp(input: { email: "ann@example.com", password: "correct horse" }) { apiKey } }'
    caller = dataclasses.replace(server, key=server.ask(sign_up)["signUp"]["apiKey"])
    caller.ask('mutation { createNamespace(input: { id: "anns" }) { id } }')
    caller.ask('mutation { deleteMe(currentPassword: "correct horse") }')
    await_true(lambda: "errors" not in server.post(sign_up), seconds=120)  # the address is free


def test_the_server_writes_nothing_to_its_disk(user: Server, data_dir: Path) -> None:
    """It could not: in the service its root file system is read-only."""
    assert list(data_dir.iterdir()) == []


@pytest.mark.parametrize(
    ("action", "request_"),
    [
        ("scan", {"TableName": "kv-storage-data-dev"}),
        ("describe_table", {"TableName": "kv-storage-data-dev"}),
        ("delete_table", {"TableName": "kv-storage-data-dev"}),
        ("scan", {"TableName": "kv-storage-data-dev", "IndexName": "GSI1"}),
        ("get_item", {"TableName": "quota-events-dev", "Key": {"PK": {"S": "a"}, "SK": {"S": "b"}}}),
    ],
)
def test_the_task_role_is_not_enough_for(
    account: Account, task_key: tuple[str, str], action: str, request_: dict[str, Any]
) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        getattr(account.client("dynamodb", task_key), action)(**request_)


def test_readers_of_quota_events_read_and_do_not_write(account: Account) -> None:
    key = account.user_with("reader", policy_of("storage", "QuotaEventsReader"))
    dynamodb = account.client("dynamodb", key)
    item = {"PK": {"S": "USER#1"}, "SK": {"S": "TIMESTAMP#1"}}
    assert "Item" not in dynamodb.get_item(TableName="quota-events-dev", Key=item)
    with pytest.raises(ClientError, match="AccessDenied"):
        dynamodb.put_item(TableName="quota-events-dev", Item=item)
    with pytest.raises(ClientError, match="AccessDenied"):
        dynamodb.get_item(TableName="user-quotas-dev", Key=item)
