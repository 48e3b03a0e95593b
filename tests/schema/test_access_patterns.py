"""The six access patterns over GraphQL: what goes out to the table is what their rows say."""

from dataclasses import dataclass
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.api_keys import digest_api_key
from tests.api import Api
from tests.recording_client import Sent


@dataclass(frozen=True)
class Case:
    """`%{user}` and the like in `document` stand for what the test has made; `parts` fill the row's templates."""

    number: int
    pattern: AccessPattern
    action: str
    document: str
    prefix: str = ""


KEY_INPUT = '{namespace: "%{namespace}", key: "user:123"'
CASES = [
    Case(1, AccessPattern.GET_USER, "GetItem", '{ user(userId: "%{user_id}") { userId } }'),
    Case(2, AccessPattern.GET_USER_BY_API_KEY, "Query", '{ userByApiKey(apiKey: "%{api_key}") { userId } }'),
    Case(3, AccessPattern.LIST_NAMESPACES, "Query", "{ namespaces { items { id } } }"),
    Case(3, AccessPattern.LIST_NAMESPACES, "Query", "{ me { namespaces { items { id } } } }"),
    Case(4, AccessPattern.GET_NAMESPACE, "GetItem", '{ namespace(id: "%{namespace}") { id } }'),
    Case(5, AccessPattern.GET_KEY, "GetItem", '{ key(namespace: "%{namespace}", key: "user:123") { key } }'),
    Case(5, AccessPattern.GET_KEY, "UpdateItem", f"mutation {{ putKey(input: {KEY_INPUT}, value: 1}}) {{ key }} }}"),
    Case(5, AccessPattern.GET_KEY, "DeleteItem", f"mutation {{ deleteKey(input: {KEY_INPUT}}}) {{ key }} }}"),
    Case(
        6,
        AccessPattern.LIST_KEYS,
        "Query",
        '{ keys(namespace: "%{namespace}", prefix: "user:") { items { key } } }',
        prefix="user:",
    ),
    Case(
        6,
        AccessPattern.LIST_KEYS,
        "Query",
        '{ namespace(id: "%{namespace}") { keys(prefix: "user:") { items { key } } } }',
        prefix="user:",
    ),
    Case(
        6,
        AccessPattern.LIST_KEYS_CONSISTENT,
        "Query",
        '{ keys(namespace: "%{namespace}", consistent: true) { items { key } } }',
    ),
]


@pytest.fixture
async def made(api: Api) -> dict[str, str]:
    """What the administrator, who may call every field, has in the table; a part of a template by its name."""
    namespace = await api.namespace()
    await api.put(namespace, "user:123", {"name": "John"})
    key = api.key or ""
    return {
        "user_id": "admin",
        "namespace": namespace,
        "key": "user:123",
        "api_key": key,
        "digest": digest_api_key(key),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number}-{case.pattern.name}-{case.action}")
async def test_the_operation_sends_what_its_access_pattern_says(
    api: Api, made: dict[str, str], table_names: dict[str, str], case: Case
) -> None:
    document = case.document
    for name, value in made.items():
        document = document.replace(f"%{{{name}}}", value)
    api.client.sent.clear()
    assert (await api(document)).data
    sent = the_one(api, case)
    assert sent.parameters["TableName"] == table_names["kv-storage-data"]
    assert sent.parameters.get("IndexName") == (case.pattern.index.name if case.pattern.index else None)
    assert case.action in case.pattern.actions.split()
    assert addressed(sent) == expected(case, made)


def test_the_patterns_are_the_seeds_six() -> None:
    rows = {case.number: case.pattern for case in reversed(CASES)}
    written = {number: (row.index.name if row.index else None, row.partition, row.sort) for number, row in rows.items()}
    assert written == {
        1: (None, "USER#{user_id}", "METADATA"),
        2: ("GSI1", "APIKEY#{digest}", "METADATA"),
        3: (None, "USER#{user_id}", "NS#{namespace}"),
        4: (None, "NS#{namespace}", "METADATA"),
        5: (None, "NS#{namespace}", "KEY#{key}"),
        6: ("GSI1", "NS#{namespace}", "KEY#{key}"),
    }


def the_one(api: Api, case: Case) -> Sent:
    """The call that serves the pattern, among those that authorise the caller."""
    found = [sent for sent in api.client.asked() if sent.action == case.action and is_of(sent, case)]
    (sent,) = found[-1:]
    return sent


def is_of(sent: Sent, case: Case) -> bool:
    if sent.action == "Query":
        return True
    return bool(sent.parameters["Key"]["PK"]["S"].startswith(case.pattern.partition.split("{")[0]))


def addressed(sent: Sent) -> str:
    if sent.action == "Query":
        return sent.condition().strip("()")
    key: dict[str, Any] = sent.parameters["Key"]
    return f"PK = {key['PK']['S']} AND SK = {key['SK']['S']}"


def expected(case: Case, parts: dict[str, str]) -> str:
    row = case.pattern
    partition, sort = (row.index.partition_key, row.index.sort_key) if row.index else ("PK", "SK")
    start = f"{partition} = {row.partition.format(**parts)} AND "
    if case.action != "Query":
        return f"{start}{sort} = {row.sort.format(**parts)}"
    beginning = row.sort.split("{")[0] + case.prefix
    return f"{start}begins_with({sort}, {beginning}".removesuffix(")")
