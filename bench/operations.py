"""The three requests that are measured, and the answer that each contestant must give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bench.fixture import CREATED_AT, EXPIRES, NAMESPACE, PAGE, UPDATED_AT, VERSION, key_name, key_value

SEVEN_FIELDS = "key value version ttl size createdAt updatedAt"
KEY = f"query Key($namespace: ID!, $key: String!) {{ key(namespace: $namespace, key: $key) {{ {SEVEN_FIELDS} }} }}"
KEYS = (
    "query Keys($namespace: ID!, $prefix: String, $limit: Int) {"
    f" keys(namespace: $namespace, prefix: $prefix, limit: $limit) {{ items {{ {SEVEN_FIELDS} }} nextToken }} }}"
)
PUT_KEY = f"mutation PutKey($input: PutKeyInput!) {{ putKey(input: $input) {{ {SEVEN_FIELDS} }} }}"
CREATE_NAMESPACE = orjson.dumps({"query": f'mutation {{ createNamespace(input: {{ id: "{NAMESPACE}" }}) {{ id }} }}'})


@dataclass(frozen=True)
class Operation:
    """A GraphQL request; `keys` are the numbers of the keys that its answer must show."""

    name: str
    document: str
    variables: Mapping[str, Any]
    keys: range

    @property
    def body(self) -> bytes:
        return orjson.dumps({"query": self.document, "variables": self.variables})


def put_key(number: int) -> Operation:
    """The value goes out as AppSync's clients send AWSJSON: a string that holds JSON."""
    text = orjson.dumps(key_value(number)).decode()
    written = {"namespace": NAMESPACE, "key": key_name(number), "value": text, "ttl": EXPIRES}
    return Operation("putKey", PUT_KEY, {"input": written}, range(number, number + 1))


OPERATIONS = (
    Operation("key", KEY, {"namespace": NAMESPACE, "key": key_name(0)}, range(1)),
    Operation("keys", KEYS, {"namespace": NAMESPACE, "prefix": "customer:", "limit": PAGE}, range(PAGE)),
    put_key(0),
)


def fault(operation: Operation, answer: bytes, *, canned: bool) -> str | None:
    """What is wrong with a contestant's answer, or None where it is the expected data.

    Against the canned endpoint versions and times are known too; on a real engine they depend on the run.
    """
    shown = orjson.loads(answer)
    if shown.get("errors"):
        return f"it answered errors: {shown['errors']}"
    found = (shown.get("data") or {}).get(operation.name)
    items = found["items"] if found and operation.name == "keys" else [found]
    if len(items) != len(operation.keys):
        return f"it answered {len(items)} keys where {len(operation.keys)} were expected"
    for number, item in zip(operation.keys, items, strict=True):
        if not (item and _shows(item, number) and (not canned or _is_canned(item, put=operation.name == "putKey"))):
            return f"it answered {item or shown}"
    return None


def _shows(item: Mapping[str, Any], number: int) -> bool:
    return (
        item.keys() == set(SEVEN_FIELDS.split())
        and item["key"] == key_name(number)
        and orjson.loads(item["value"]) == key_value(number)
        and item["ttl"] == EXPIRES
        and type(item["size"]) is int
    )


def _is_canned(item: Mapping[str, Any], *, put: bool) -> bool:
    return (
        item["version"] == (VERSION + 1 if put else VERSION)
        and item["createdAt"] == CREATED_AT
        and bool(item["updatedAt"] == UPDATED_AT or put)
    )
