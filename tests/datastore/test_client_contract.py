"""What both clients promise, on a real engine: DynamoDB's answers and refusals as boto3 has them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from botocore.client import BaseClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datastore.client import BotoClient, Client
from datastore.engine_lock import choose_port
from datastore.errors import (
    BadRequest,
    ConditionFailed,
    LimitExceeded,
    OutcomeUnknown,
    StoreFault,
    TransactionCancelled,
    Unavailable,
)
from datastore.local_engine import Engine
from datastore.tables import KV_STORAGE_DATA
from datastore.wire.client import NativeClient
from tests.datastore.loopback import lose, wire

CLIENTS = {"native": NativeClient, "boto3": BotoClient}
KEY = {"PK": {"S": "NS#fruit"}, "SK": {"S": "KEY#apple"}}
EVERY_TYPE: dict[str, Any] = {
    "S": {"S": 'é "quoted" \\ \n\0 😀 </script>'},
    "empty": {"S": ""},
    "N": {"N": "12345678901234567890.123456789012345678"},
    "tiny": {"N": "-0.1"},
    "BOOL": {"BOOL": False},
    "NULL": {"NULL": True},
    "B": {"B": bytes(range(256))},
    "BS": {"BS": [b"\0", b"\xff\xfe"]},
    "SS": {"SS": ["B", "BS"]},
    "NS": {"NS": ["1", "2.5"]},
    "M": {"M": {"B": {"B": b""}, "BS": {"S": "B"}, "": {"NULL": True}, "M": {"M": {}}}},
    "L": {"L": [{"B": b"B"}, {"L": []}, {"M": {"S": {"S": "S"}}}]},
}


@pytest.fixture(params=CLIENTS)
async def either(request: pytest.FixtureRequest, engine: Engine) -> AsyncIterator[Client]:
    made: Client = CLIENTS[request.param](region="us-east-1", endpoint_url=engine.endpoint_url)
    yield made
    await made.close()


@pytest.fixture
def table(table_names: Mapping[str, str]) -> str:
    return table_names[KV_STORAGE_DATA.name]


def of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer without what boto3 tells of the way it came."""
    return {name: member for name, member in answer.items() if name != "ResponseMetadata"}


async def put(client: Client, table: str, **attributes: Any) -> None:
    assert of(await client.call("PutItem", {"TableName": table, "Item": {**KEY, **attributes}})) == {}


async def item(client: Client, table: str) -> Any:
    answer = await client.call("GetItem", {"TableName": table, "Key": KEY, "ConsistentRead": True})
    return of(answer).get("Item")


def adding(table: str, **more: Any) -> dict[str, Any]:
    return {
        "TableName": table,
        "Key": KEY,
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
        **more,
    }


async def test_an_absent_item_is_an_answer_without_one(either: Client, table: str) -> None:
    assert of(await either.call("GetItem", {"TableName": table, "Key": KEY})) == {}


async def test_every_type_comes_back_as_it_went(either: Client, table: str) -> None:
    types = {name: value for name, value in EVERY_TYPE.items() if name not in {"SS", "NS", "BS"}}
    await put(either, table, **types)
    assert await item(either, table) == {**KEY, **types}


async def test_sets_come_back_in_some_order(either: Client, table: str) -> None:
    sets = {name: EVERY_TYPE[name] for name in ("SS", "NS", "BS")}
    await put(either, table, **sets)
    found = await item(either, table)
    assert {name: set(found[name][name]) for name in sets} == {name: set(sets[name][name]) for name in sets}


TAGGED = st.recursive(
    st.one_of(
        st.builds(lambda text: {"S": text}, st.text(st.characters(codec="utf-8"))),
        st.builds(lambda data: {"B": data}, st.binary()),
        st.builds(lambda number: {"N": str(number)}, st.integers(-(10**37), 10**37)),
        st.sampled_from([{"BOOL": True}, {"BOOL": False}, {"NULL": True}]),
    ),
    lambda inner: st.one_of(
        st.builds(lambda members: {"L": members}, st.lists(inner, max_size=4)),
        st.builds(
            lambda members: {"M": members},
            st.dictionaries(st.sampled_from(["S", "N", "B", "BS", "M", "L", "a"]), inner, max_size=4),
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=TAGGED)
async def test_both_clients_read_alike_what_either_wrote(engine: Engine, table: str, value: Any) -> None:
    native = NativeClient(region="us-east-1", endpoint_url=engine.endpoint_url)
    boto = BotoClient(region="us-east-1", endpoint_url=engine.endpoint_url)
    try:
        for writer in (native, boto):
            await put(writer, table, value=value)
            assert await item(native, table) == await item(boto, table)
    finally:
        await native.close()
        await boto.close()


async def test_a_query_comes_in_pages_that_say_where_to_go_on(either: Client, table: str) -> None:
    for number in range(5):
        await either.call("PutItem", {"TableName": table, "Item": {**KEY, "SK": {"S": f"KEY#{number}"}}})
    request = {
        "TableName": table,
        "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": {":pk": KEY["PK"]},
        "Limit": 3,
    }
    first = of(await either.call("Query", request))
    assert (len(first["Items"]), first["Count"], first["ScannedCount"]) == (3, 3, 3)
    second = of(await either.call("Query", {**request, "ExclusiveStartKey": first["LastEvaluatedKey"]}))
    assert [each["SK"]["S"] for each in first["Items"] + second["Items"]] == [f"KEY#{n}" for n in range(5)]
    assert "LastEvaluatedKey" not in second


async def test_an_update_answers_what_was_and_what_is(either: Client, table: str) -> None:
    await put(either, table, n={"N": "1"}, raw={"B": b"\0\1"})
    old = await either.call("UpdateItem", adding(table, ReturnValues="ALL_OLD"))
    new = await either.call("UpdateItem", adding(table, ReturnValues="ALL_NEW"))
    assert of(old)["Attributes"] == {**KEY, "n": {"N": "1"}, "raw": {"B": b"\0\1"}}
    assert of(new)["Attributes"] == {**KEY, "n": {"N": "3"}, "raw": {"B": b"\0\1"}}


async def test_batches_go_out_and_come_back(either: Client, table: str) -> None:
    items = [{**KEY, "SK": {"S": f"KEY#{number}"}, "raw": {"B": b"%d" % number}} for number in range(20)]
    writes = {table: [{"PutRequest": {"Item": each}} for each in items]}
    assert of(await either.call("BatchWriteItem", {"RequestItems": writes}))["UnprocessedItems"] == {}
    keys = [{name: each[name] for name in ("PK", "SK")} for each in items]
    answer = of(await either.call("BatchGetItem", {"RequestItems": {table: {"Keys": keys}}}))
    assert {each["SK"]["S"]: each for each in answer["Responses"][table]} == {each["SK"]["S"]: each for each in items}
    assert answer["UnprocessedKeys"] == {}


async def test_a_delete_answers_what_was_there(either: Client, table: str) -> None:
    await put(either, table)
    request = {"TableName": table, "Key": KEY, "ReturnValues": "ALL_OLD"}
    assert of(await either.call("DeleteItem", request))["Attributes"] == KEY
    assert await item(either, table) is None


async def test_a_failed_condition_brings_the_item_that_it_failed_on(either: Client, table: str) -> None:
    await put(either, table, raw={"B": b"\0"}, n={"N": "7"})
    request = {
        "TableName": table,
        "Item": KEY,
        "ConditionExpression": "attribute_not_exists(PK)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    with pytest.raises(ConditionFailed) as refused:
        await either.call("PutItem", request)
    assert refused.value.item == {"PK": "NS#fruit", "SK": "KEY#apple", "raw": b"\0", "n": 7}


async def test_a_cancelled_transaction_tells_the_reason_of_each_write(either: Client, table: str) -> None:
    await put(either, table, raw={"B": b"\0"})
    other = {**KEY, "SK": {"S": "KEY#pear"}}
    absent = {
        "ConditionExpression": "attribute_not_exists(PK)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    writes = [{"Put": {"TableName": table, "Item": each, **absent}} for each in (other, KEY)]
    with pytest.raises(TransactionCancelled) as refused:
        await either.call("TransactWriteItems", {"TransactItems": writes})
    assert [reason.code for reason in refused.value.reasons] == ["None", "ConditionalCheckFailed"]
    assert refused.value.reasons[1].item == {"PK": "NS#fruit", "SK": "KEY#apple", "raw": b"\0"}


async def test_a_transaction_with_a_token_of_the_caller_s_happens_once(either: Client, table: str) -> None:
    request = {"TransactItems": [{"Update": adding(table)}], "ClientRequestToken": str(uuid4())}
    await either.call("TransactWriteItems", request)
    await either.call("TransactWriteItems", request)
    assert (await item(either, table))["n"] == {"N": "1"}


async def test_transactions_without_a_token_are_two(either: Client, table: str) -> None:
    request = {"TransactItems": [{"Update": adding(table)}]}
    await either.call("TransactWriteItems", request)
    await either.call("TransactWriteItems", request)
    assert (await item(either, table))["n"] == {"N": "2"}


@pytest.mark.parametrize(
    ("attributes", "meaning"),
    [
        ({"text": {"S": "x" * 409_600}}, LimitExceeded),
        ({"number": {"N": "1" * 39}}, BadRequest),
        ({"number": {"N": "1e126"}}, BadRequest),
    ],
    ids=["too big", "too many digits", "too great"],
)
async def test_what_the_table_can_t_hold_is_refused_alike(
    either: Client, table: str, attributes: Any, meaning: type[Exception]
) -> None:
    with pytest.raises(meaning):
        await either.call("PutItem", {"TableName": table, "Item": {**KEY, **attributes}})


async def test_a_table_that_is_not_there_is_a_fault_of_the_store(either: Client) -> None:
    with pytest.raises(StoreFault) as fault:
        await either.call("GetItem", {"TableName": "not-there", "Key": KEY})
    assert fault.value.code == "ResourceNotFoundException"


async def test_fifty_calls_at_once_are_fifty_calls(either: Client, table: str) -> None:
    await asyncio.gather(*(either.call("UpdateItem", adding(table)) for _ in range(50)))
    assert (await item(either, table))["n"] == {"N": "50"}


async def test_a_call_that_is_given_up_leaves_the_client_as_it_was(either: Client, table: str) -> None:
    call = asyncio.ensure_future(either.call("GetItem", {"TableName": table, "Key": KEY}))
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await put(either, table, n={"N": "3"})
    assert (await item(either, table))["n"] == {"N": "3"}


@pytest.mark.parametrize("name", CLIENTS)
async def test_a_lost_answer_is_asked_for_again_or_an_unknown_outcome(
    name: str, engine: Engine, dynamodb: BaseClient, table: str
) -> None:
    """R2, R3."""
    with wire(lose("UpdateItem", times=2), engine.endpoint_url) as between:
        client: Client = CLIENTS[name](region="us-east-1", endpoint_url=between.endpoint_url)
        with pytest.raises(OutcomeUnknown):
            await client.call("UpdateItem", adding(table), repeatable=False)
        assert dynamodb.get_item(TableName=table, Key=KEY)["Item"]["n"] == {"N": "1"}
        await client.call("UpdateItem", adding(table))
        assert dynamodb.get_item(TableName=table, Key=KEY)["Item"]["n"] == {"N": "3"}
        await client.close()
    assert between.actions == ["UpdateItem"] * 3


@pytest.mark.parametrize("name", CLIENTS)
async def test_a_transaction_whose_answer_is_lost_happens_once(
    name: str, engine: Engine, dynamodb: BaseClient, table: str
) -> None:
    with wire(lose("TransactWriteItems", times=2), engine.endpoint_url) as between:
        client: Client = CLIENTS[name](region="us-east-1", endpoint_url=between.endpoint_url)
        await client.call("TransactWriteItems", {"TransactItems": [{"Update": adding(table)}]})
        await client.close()
    assert between.actions == ["TransactWriteItems"] * 3
    assert dynamodb.get_item(TableName=table, Key=KEY)["Item"]["n"] == {"N": "1"}


@pytest.mark.parametrize("name", CLIENTS)
@pytest.mark.parametrize("repeatable", [True, False])
async def test_an_engine_that_is_not_there_is_unavailable(name: str, repeatable: bool) -> None:
    client: Client = CLIENTS[name](region="us-east-1", endpoint_url=f"http://127.0.0.1:{choose_port(None)}")
    with pytest.raises(Unavailable, match="not answering"):
        await client.call("UpdateItem", adding("any"), repeatable=repeatable)
    await client.close()
