"""Table names from SSM, as a deployment leaves them."""

import socket

import boto3
import pytest
from botocore.client import BaseClient

from datastore.client import connect
from datastore.errors import StartFailed
from datastore.local_engine import Engine
from datastore.ssm import read_table_names
from datastore.tables import KV_STORAGE_DATA, OIDC_STATE, TABLES


@pytest.fixture
def ssm(moto: Engine) -> BaseClient:
    """Waited for once with a client that has patience: moto's SSM reads AWS's own parameters at its first call."""
    boto3.client(
        "ssm",
        endpoint_url=moto.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    ).describe_parameters()
    return connect("us-east-1", moto.endpoint_url, service="ssm")


def test_every_declared_table_gets_its_deployed_name(ssm: BaseClient) -> None:
    for table in TABLES:
        ssm.put_parameter(Name=table.name_parameter("/kv-dev"), Value=f"{table.name}-dev", Type="String")
    assert read_table_names(ssm, "/kv-dev") == {table.name: f"{table.name}-dev" for table in TABLES}


def test_what_is_missing_is_named_with_what_to_do(ssm: BaseClient) -> None:
    ssm.put_parameter(Name=KV_STORAGE_DATA.name_parameter("/half"), Value="ours", Type="String")
    with pytest.raises(StartFailed, match=r"no parameter /half/auth/oidc-state-table-name: deploy the tables first"):
        read_table_names(ssm, "/half", [KV_STORAGE_DATA, OIDC_STATE])


def test_an_ssm_that_does_not_answer_is_named_with_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    client = connect("us-east-1", f"http://127.0.0.1:{port}", attempts=1, service="ssm")
    with pytest.raises(StartFailed, match=r"can't read the tables' names from SSM: .* KV_SSM_PREFIX is /kv-dev\."):
        read_table_names(client, "/kv-dev")
