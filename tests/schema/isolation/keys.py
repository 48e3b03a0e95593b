"""Keys: fields, and what a tenant has of them."""

from collections.abc import Mapping
from typing import Any

from tests.api import Api
from tests.schema.isolation.row import PAGE, Row, row

VARIABLES = {"key": "String!"}


async def make(caller: Api, objects: Mapping[str, Any]) -> Mapping[str, Any]:
    await caller.batch_put([{"namespace": objects["ns"], "key": f"secret{n}", "value": n} for n in range(3)])
    await caller.put(objects["ns"], "secret0", 1, idempotencyKey="alices")
    return {"key": "secret0"}


def nobodys() -> Mapping[str, Any]:
    return {"key": "secret0"}


ROWS: Mapping[str, Row] = {
    "Query.key": row("query { key(namespace: $ns, key: $key) { value version } }", names="namespace key"),
    "Query.keys": row(
        f"query {{ keys(namespace: $ns, prefix: $key, limit: 1, nextToken: $cursor) {PAGE} }}",
        f"query {{ keys(namespace: $ns, consistent: true, first: 1, after: $cursor) {PAGE} }}",
        f"query {{ keys(namespace: $mine, limit: 1, nextToken: $cursor) {PAGE} }}",
        f"query {{ keys(namespace: $mine, first: 1, after: $cursor) {PAGE} }}",
        names="namespace prefix nextToken after",
    ),
    "Query.keysByName": row("query { keysByName(namespace: $ns, keys: [$key]) { value } }", names="namespace keys"),
    "Namespace.key": row("query { namespace(id: $ns) { key(key: $key) { value } } }", names="key"),
    "Namespace.keys": row(
        f"query {{ namespace(id: $ns) {{ keys(prefix: $key, limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ namespace(id: $mine) {{ keys(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ namespace(id: $mine) {{ keys(first: 1, after: $cursor) {PAGE} }} }}",
        names="prefix nextToken after",
    ),
    "Mutation.putKey": row(
        "mutation { putKey(input: {namespace: $ns, key: $key, value: 1}) { version } }",
        "mutation { putKey(input: {namespace: $ns, key: $key, value: 1, ifVersion: 9}) { version } }",
        'mutation { putKey(input: {namespace: $ns, key: $key, value: 1, idempotencyKey: "alices"}) { version } }',
        names="input.namespace input.key",
        plain="input.idempotencyKey",
    ),
    "Mutation.deleteKey": row(
        "mutation { deleteKey(input: {namespace: $ns, key: $key, ifVersion: 2}) { value } }",
        names="input.namespace input.key",
    ),
    "Mutation.incrementKey": row(
        "mutation { incrementKey(input: {namespace: $ns, key: $key, by: 1}) { value } }",
        'mutation { incrementKey(input: {namespace: $ns, key: $key, by: 1, idempotencyKey: "alices"}) { value } }',
        names="input.namespace input.key",
        plain="input.idempotencyKey",
    ),
    "Mutation.touchKey": row(
        "mutation { touchKey(namespace: $ns, key: $key, expiresIn: 60) { value } }", names="namespace key"
    ),
    "Mutation.batchPutKeys": row(
        "mutation { batchPutKeys(input: [{namespace: $ns, key: $key, value: 1}]) { unprocessed } }",
        'mutation { batchPutKeys(input: [{namespace: $mine, key: "x", value: 1}, '
        "{namespace: $ns, key: $key, value: 1}]) { unprocessed } }",
        names="input.namespace input.key",
        plain="input.idempotencyKey",
    ),
    "Mutation.batchDeleteKeys": row(
        "mutation { batchDeleteKeys(namespace: $ns, keys: [$key]) { keys } }", names="namespace keys"
    ),
    "Mutation.transactKeys": row(
        "mutation { transactKeys(writes: [{put: {namespace: $ns, key: $key, value: 1}}]) { version } }",
        "mutation { transactKeys(writes: [{delete: {namespace: $ns, key: $key}}]) { version } }",
        "mutation { transactKeys(writes: [{check: {namespace: $ns, key: $key, ifVersion: 0}}]) { version } }",
        'mutation { transactKeys(writes: [{delete: {namespace: $ns, key: $key}}], idempotencyKey: "a") { version } }',
        names="writes.put.namespace writes.put.key writes.delete.namespace writes.delete.key "
        "writes.check.namespace writes.check.key",
        plain="idempotencyKey writes.put.idempotencyKey",
    ),
}
