"""The canned endpoint under real boto3, and the data that it serves."""

import socket
from collections.abc import Iterator
from typing import Any

import boto3
import orjson
import pytest
from boto3.dynamodb.conditions import Key

from bench.contestants import PYTHON
from bench.fixture import API_KEY, NAMESPACE, PAGE, USER_ID, VERSION, items, key_name, key_value
from bench.processes import Cores, free_port, started
from datastore.api_keys import digest_api_key, is_api_key
from datastore.attribute_values import untag_item
from datastore.entities.api_key import ApiKeyEntity
from datastore.entities.entity import Entity
from datastore.entities.key import KeyEntity
from datastore.entities.namespace import GrantEntity, NamespaceEntity
from datastore.entities.user import UserEntity
from datastore.provisioning import create_tables
from datastore.tables import TABLES

A_KEY = {"PK": f"NS#{NAMESPACE}", "SK": f"KEY#{key_name(0)}"}


@pytest.fixture(scope="module")
def canned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, log = free_port(), tmp_path_factory.mktemp("canned") / "log"
    with started([PYTHON, "-m", "bench.canned", str(port)], core=Cores.available().load, port=port, env={}, log=log):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def table(canned: str) -> Any:
    secrets = {"aws_access_key_id": "bench", "aws_secret_access_key": "bench"}
    return boto3.resource("dynamodb", endpoint_url=canned, region_name="us-east-1", **secrets).Table("kv-storage-data")


def test_the_canned_items_are_valid_for_this_service() -> None:
    entities: dict[str, type[Entity]] = {
        f"APIKEY#{digest_api_key(API_KEY)} METADATA": ApiKeyEntity,
        f"USER#{USER_ID} METADATA": UserEntity,
        f"USER#{USER_ID} NS#{NAMESPACE}": GrantEntity,
        f"NS#{NAMESPACE} METADATA": NamespaceEntity,
    }
    assert is_api_key(API_KEY)
    for item in map(untag_item, items()):
        entities.get(f"{item['PK']} {item['SK']}", KeyEntity).from_item(item)


def test_get_item_answers_the_item_or_nothing(table: Any) -> None:
    assert table.get_item(Key=A_KEY)["Item"]["value"] == key_value(0)
    assert "Item" not in table.get_item(Key={**A_KEY, "SK": "KEY#other"})


def test_batch_get_item_answers_those_items_that_are_there(table: Any) -> None:
    grant, other = {"PK": f"USER#{USER_ID}", "SK": f"NS#{NAMESPACE}"}, {"PK": "NS#other", "SK": "METADATA"}
    found = table.meta.client.batch_get_item(RequestItems={table.name: {"Keys": [A_KEY, grant, other]}})
    assert [item["entityType"] for item in found["Responses"][table.name]] == ["KEY", "NAMESPACE"]
    assert found["UnprocessedKeys"] == {}


@pytest.mark.parametrize(("index", "names"), [(None, ("PK", "SK")), ("GSI1", ("GSI1PK", "GSI1SK"))])
def test_query_answers_the_page_of_keys(table: Any, index: str | None, names: tuple[str, str]) -> None:
    condition = Key(names[0]).eq(A_KEY["PK"]) & Key(names[1]).begins_with("KEY#")
    page = table.query(KeyConditionExpression=condition, **({"IndexName": index} if index else {}))
    assert [item["SK"] for item in page["Items"]] == [f"KEY#{key_name(number)}" for number in range(PAGE)]
    assert table.query(KeyConditionExpression=Key("PK").eq("NS#other"))["Items"] == []


@pytest.mark.parametrize(("returned", "version"), [("ALL_OLD", VERSION), ("ALL_NEW", VERSION + 1), ("NONE", None)])
def test_update_item_answers_the_item_before_or_after(table: Any, returned: str, version: int | None) -> None:
    written = table.update_item(Key=A_KEY, UpdateExpression="REMOVE x", ReturnValues=returned)
    assert written.get("Attributes", {}).get("version") == version


def test_writes_are_acknowledged(table: Any) -> None:
    put = {"Put": {"TableName": table.name, "Item": A_KEY}}
    assert "Attributes" not in table.put_item(Item=A_KEY)
    assert table.meta.client.transact_write_items(TransactItems=[put])["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_every_table_stands_as_declared(table: Any) -> None:
    client = table.meta.client
    create_tables(client)  # it would try to make or to change what is not as declared, which is not canned
    assert client.list_tables()["TableNames"] == [each.name for each in TABLES]


def test_what_is_not_canned_is_refused(table: Any) -> None:
    with pytest.raises(table.meta.client.exceptions.ClientError, match="UnknownOperationException"):
        table.scan()


def test_requests_that_arrive_in_pieces_or_together_are_each_answered(canned: str) -> None:
    body = orjson.dumps({"TableName": "kv-storage-data", "Key": {name: {"S": text} for name, text in A_KEY.items()}})
    head = f"POST / HTTP/1.1\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\nContent-Length: {len(body)}\r\n\r\n"
    sent = (head.encode() + body) * 2
    with socket.create_connection(("127.0.0.1", int(canned.rpartition(":")[2])), timeout=10) as connection:
        for start in range(0, len(sent), 50):
            connection.sendall(sent[start : start + 50])
        received = b""
        while received.count(b"customer:0000") < 4:  # in SK and GSI1SK of each answer
            received += connection.recv(65536) or pytest.fail("the canned endpoint closed the connection")
    assert received.count(b"HTTP/1.1 200 OK") == 2
