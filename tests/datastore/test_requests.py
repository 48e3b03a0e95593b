"""Operations written out: what DynamoDB is sent, to the letter."""

import re
from typing import Any

import pytest

from datastore import requests
from datastore.access_patterns import AccessPattern, KeyRange, PrimaryKey
from datastore.expressions import Increment, Update, at_most, equals, exists, missing
from datastore.grants import Grant, NamespaceRole
from datastore.operations import (
    ConditionCheck,
    DeleteItem,
    GetItem,
    PutItem,
    Query,
    TransactWriteItems,
    UpdateItem,
)
from datastore.tables import GSI1, OIDC_STATE, Table

KEY = PrimaryKey("NS#fruit", "KEY#apple")
TAGGED_KEY = {"PK": {"S": "NS#fruit"}, "SK": {"S": "KEY#apple"}}
GRANT = Grant("alice", "fruit", NamespaceRole.OWNER)


def name_of(table: Table) -> str:
    return f"test-{table.name}"


TABLE = "test-kv-storage-data"


def test_a_get_names_table_and_key() -> None:
    assert requests.get_item(GetItem(KEY), name_of) == {"TableName": TABLE, "Key": TAGGED_KEY}


def test_a_consistent_get_says_so() -> None:
    request = requests.get_item(GetItem(KEY, consistent=True), name_of)
    assert request == {"TableName": TABLE, "Key": TAGGED_KEY, "ConsistentRead": True}


def test_an_operation_on_another_table_goes_there() -> None:
    request = requests.get_item(GetItem(KEY._replace(table=OIDC_STATE)), name_of)
    assert request == {"TableName": "test-oidc-state", "Key": TAGGED_KEY}


def test_a_put_into_another_table_goes_there() -> None:
    put = PutItem(KEY.attributes(), table=OIDC_STATE)
    assert requests.put_item(put, name_of)["TableName"] == "test-oidc-state"
    assert put.key == KEY._replace(table=OIDC_STATE) != KEY


def test_a_put_asks_for_what_was_there() -> None:
    assert requests.put_item(PutItem({**KEY.attributes(), "version": 1}), name_of) == {
        "TableName": TABLE,
        "Item": {**TAGGED_KEY, "version": {"N": "1"}},
        "ReturnValues": "ALL_OLD",
    }


def test_a_conditional_put_asks_for_the_item_that_stands_in_its_way() -> None:
    assert requests.put_item(PutItem(KEY.attributes(), missing("PK")), name_of) == {
        "TableName": TABLE,
        "Item": TAGGED_KEY,
        "ConditionExpression": "attribute_not_exists(#0)",
        "ExpressionAttributeNames": {"#0": "PK"},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        "ReturnValues": "ALL_OLD",
    }


def test_an_update_writes_its_changes_and_its_condition_with_one_set_of_placeholders() -> None:
    update = Update({"value": {"a": None}, "version": Increment(1)}, remove=("ttl",))
    condition = exists("version") & equals("value", "old")
    assert requests.update_item(UpdateItem(KEY, update, condition, returns="ALL_OLD"), name_of) == {
        "TableName": TABLE,
        "Key": TAGGED_KEY,
        "UpdateExpression": "SET #0 = :0, #1 = if_not_exists(#1, :1) + :2 REMOVE #2",
        "ConditionExpression": "(attribute_exists(#1) AND #0 = :3)",
        "ExpressionAttributeNames": {"#0": "value", "#1": "version", "#2": "ttl"},
        "ExpressionAttributeValues": {
            ":0": {"M": {"a": {"NULL": True}}},
            ":1": {"N": "0"},
            ":2": {"N": "1"},
            ":3": {"S": "old"},
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        "ReturnValues": "ALL_OLD",
    }


def test_an_update_answers_the_new_item_unless_told_otherwise() -> None:
    assert requests.update_item(UpdateItem(KEY, Update({"a": 1})), name_of) == {
        "TableName": TABLE,
        "Key": TAGGED_KEY,
        "UpdateExpression": "SET #0 = :0",
        "ExpressionAttributeNames": {"#0": "a"},
        "ExpressionAttributeValues": {":0": {"N": "1"}},
        "ReturnValues": "ALL_NEW",
    }


def test_a_delete_asks_for_what_was_there() -> None:
    assert requests.delete_item(DeleteItem(KEY), name_of) == {
        "TableName": TABLE,
        "Key": TAGGED_KEY,
        "ReturnValues": "ALL_OLD",
    }


def test_a_conditional_delete_carries_its_condition() -> None:
    assert requests.delete_item(DeleteItem(KEY, equals("version", 2)), name_of) == {
        "TableName": TABLE,
        "Key": TAGGED_KEY,
        "ConditionExpression": "#0 = :0",
        "ExpressionAttributeNames": {"#0": "version"},
        "ExpressionAttributeValues": {":0": {"N": "2"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        "ReturnValues": "ALL_OLD",
    }


def test_a_transaction_has_its_writes_in_order_each_with_its_own_placeholders() -> None:
    writes = (
        PutItem(KEY.attributes(), missing("PK")),
        UpdateItem(KEY, Update({"a": 1})),
        DeleteItem(KEY._replace(table=OIDC_STATE), exists("PK")),
        ConditionCheck(KEY, equals("status", "ACTIVE")),
    )
    on_failure = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    assert requests.transact_write_items(TransactWriteItems(writes), name_of) == {
        "TransactItems": [
            {
                "Put": {
                    "TableName": TABLE,
                    "Item": TAGGED_KEY,
                    "ConditionExpression": "attribute_not_exists(#0)",
                    "ExpressionAttributeNames": {"#0": "PK"},
                    **on_failure,
                }
            },
            {
                "Update": {
                    "TableName": TABLE,
                    "Key": TAGGED_KEY,
                    "UpdateExpression": "SET #0 = :0",
                    "ExpressionAttributeNames": {"#0": "a"},
                    "ExpressionAttributeValues": {":0": {"N": "1"}},
                }
            },
            {
                "Delete": {
                    "TableName": "test-oidc-state",
                    "Key": TAGGED_KEY,
                    "ConditionExpression": "attribute_exists(#0)",
                    "ExpressionAttributeNames": {"#0": "PK"},
                    **on_failure,
                }
            },
            {
                "ConditionCheck": {
                    "TableName": TABLE,
                    "Key": TAGGED_KEY,
                    "ConditionExpression": "#0 = :0",
                    "ExpressionAttributeNames": {"#0": "status"},
                    "ExpressionAttributeValues": {":0": {"S": "ACTIVE"}},
                    **on_failure,
                }
            },
        ]
    }


def test_a_query_of_an_index_names_it_and_narrows_its_sort_key() -> None:
    operation = Query(AccessPattern.LIST_KEYS.range(GRANT, prefix="a"), limit=10)
    assert requests.query(operation, name_of, limit=11, start=None) == {
        "TableName": TABLE,
        "IndexName": "GSI1",
        "KeyConditionExpression": "(#0 = :0 AND begins_with(#1, :1))",
        "ExpressionAttributeNames": {"#0": "GSI1PK", "#1": "GSI1SK"},
        "ExpressionAttributeValues": {":0": {"S": "NS#fruit"}, ":1": {"S": "KEY#a"}},
        "Limit": 11,
        "ScanIndexForward": True,
    }


def test_a_query_of_the_table_can_be_consistent_backwards_filtered_and_go_on() -> None:
    range_ = AccessPattern.LIST_KEYS_CONSISTENT.range(GRANT)
    operation = Query(range_, limit=10, reverse=True, consistent=True, only=missing("ttl") | at_most("ttl", 5))
    assert requests.query(operation, name_of, limit=3, start=KEY.attributes()) == {
        "TableName": TABLE,
        "KeyConditionExpression": "(#0 = :0 AND begins_with(#1, :1))",
        "FilterExpression": "(attribute_not_exists(#2) OR #2 <= :2)",
        "ExpressionAttributeNames": {"#0": "PK", "#1": "SK", "#2": "ttl"},
        "ExpressionAttributeValues": {":0": {"S": "NS#fruit"}, ":1": {"S": "KEY#"}, ":2": {"N": "5"}},
        "Limit": 3,
        "ScanIndexForward": False,
        "ConsistentRead": True,
        "ExclusiveStartKey": TAGGED_KEY,
    }


def test_a_query_between_two_sort_keys_has_that_for_its_one_condition_on_them() -> None:
    range_ = AccessPattern.LIST_BY_CREATED_AT.between(month="2026-01", low="2026-01-02", high="2026-01-03")
    request = requests.query(Query(range_, limit=1), name_of, limit=2, start=None)
    assert request["KeyConditionExpression"] == "(#0 = :0 AND #1 BETWEEN :1 AND :2)"
    assert request["ExpressionAttributeNames"] == {"#0": "GSI3PK", "#1": "GSI3SK"}
    assert request["ExpressionAttributeValues"] == {
        ":0": {"S": "USERS#2026-01"},
        ":1": {"S": "TIMESTAMP#2026-01-02"},
        ":2": {"S": "TIMESTAMP#2026-01-03$"},
    }


def test_a_query_of_a_whole_partition_has_no_condition_on_the_sort_key() -> None:
    operation = Query(AccessPattern.LIST_EVERYTHING.range(GRANT), limit=10)
    request = requests.query(operation, name_of, limit=10, start=None)
    assert request["KeyConditionExpression"] == "#0 = :0"
    assert request["ExpressionAttributeNames"] == {"#0": "PK"}


@pytest.mark.parametrize(
    ("range_", "names"),
    [
        (KeyRange(None, "NS#fruit", ""), ["PK", "SK"]),
        (KeyRange(GSI1, "NS#fruit", ""), ["PK", "SK", "GSI1PK", "GSI1SK"]),
    ],
)
def test_a_query_goes_on_from_the_keys_of_table_and_index(range_: KeyRange, names: list[str]) -> None:
    item = {"PK": "a", "SK": "b", "GSI1PK": "c", "GSI1SK": "d", "value": 1}
    assert requests.start_key(Query(range_, limit=1), item) == {name: item[name] for name in names}


def test_a_batch_of_reads_names_each_table_once() -> None:
    there = KEY._replace(table=OIDC_STATE)
    request = requests.batch_get((KEY, there), name_of, consistent=True)
    asked = {"Keys": [TAGGED_KEY], "ConsistentRead": True}
    assert request == {"RequestItems": {TABLE: asked, "test-oidc-state": asked}}


def texts(request: Any) -> list[str]:
    """All expressions of a request, wherever they stand."""
    if isinstance(request, list):
        return [text for each in request for text in texts(each)]
    if isinstance(request, dict):
        own = [text for name, text in request.items() if name.endswith("Expression")]
        return own + [text for each in request.values() for text in texts(each)]
    return []


def test_no_name_or_value_stands_in_an_expression_itself() -> None:
    write = UpdateItem(KEY, Update({"size": "x", "status": Increment(1)}, remove=("ttl",)), equals("name", "y"))
    every = [
        requests.update_item(write, name_of),
        requests.transact_write_items(TransactWriteItems((write, DeleteItem(KEY, exists("size")))), name_of),
        requests.query(Query(KeyRange(GSI1, "a", "b"), 1, only=equals("size", 1)), name_of, limit=1, start=None),
    ]
    known = r"SET|REMOVE|AND|OR|if_not_exists|attribute_exists|begins_with"
    found = texts(every)
    assert len(found) == 7
    for text in found:
        assert re.fullmatch(rf"(?:[#:]\d+|{known}|[()=,+ ])+", text), text
