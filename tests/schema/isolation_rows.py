"""The table of test_tenant_isolation: one row for each root field, and for each other field that takes arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PAGE = "{ pageInfo { endCursor } }"

# The variables that documents use; $mine is a namespace of the caller's own, whoever calls.
VARIABLES = {
    "ns": "ID!",
    "mine": "ID!",
    "key": "String!",
    "user": "ID!",
    "apiKeyId": "ID!",
    "apiKey": "String!",
    "cursor": "String",
    "email": "AWSEmail!",
}


@dataclass(frozen=True)
class Row:
    """`names` are arguments that name an object of somebody's, or a cursor; `plain` are texts that name nothing.

    `claims`: taken names are answered as taken, because they are shared by all. `admin`: the owner is refused too.
    """

    documents: tuple[str, ...]
    names: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()
    is_open: bool = False
    admin: bool = False
    arguments: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "arguments", self.names | self.plain | self.claims)


def row(*documents: str, names: str = "", plain: str = "", claims: str = "", **flags: bool) -> Row:
    return Row(documents, frozenset(names.split()), frozenset(plain.split()), frozenset(claims.split()), **flags)


ROWS: Mapping[str, Row] = {
    "Query.me": row("query { me { userId } }"),
    "Query.user": row("query { user(userId: $user) { userId email createdAt } }", names="userId"),
    "Query.userByApiKey": row("query { userByApiKey(apiKey: $apiKey) { userId } }", names="apiKey", admin=True),
    "Query.namespaces": row(
        f"query {{ namespaces(limit: 1, nextToken: $cursor) {PAGE} }}",
        f"query {{ namespaces(first: 1, after: $cursor) {PAGE} }}",
        names="nextToken after",
    ),
    "Query.namespace": row("query { namespace(id: $ns) { id status ownerId description } }", names="id"),
    "Query.key": row("query { key(namespace: $ns, key: $key) { value version } }", names="namespace key"),
    "Query.keys": row(
        f"query {{ keys(namespace: $ns, prefix: $key, limit: 1, nextToken: $cursor) {PAGE} }}",
        f"query {{ keys(namespace: $ns, consistent: true, first: 1, after: $cursor) {PAGE} }}",
        f"query {{ keys(namespace: $mine, limit: 1, nextToken: $cursor) {PAGE} }}",
        f"query {{ keys(namespace: $mine, first: 1, after: $cursor) {PAGE} }}",
        names="namespace prefix nextToken after",
    ),
    "Query.keysByName": row("query { keysByName(namespace: $ns, keys: [$key]) { value } }", names="namespace keys"),
    "User.namespaces": row(
        f"query {{ user(userId: $user) {{ namespaces(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ namespaces(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ namespaces(first: 1, after: $cursor) {PAGE} }} }}",
        names="nextToken after",
    ),
    "User.apiKeys": row(
        f"query {{ user(userId: $user) {{ apiKeys(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ apiKeys(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ apiKeys(first: 1, after: $cursor) {PAGE} }} }}",
        names="nextToken after",
    ),
    "Namespace.key": row("query { namespace(id: $ns) { key(key: $key) { value } } }", names="key"),
    "Namespace.keys": row(
        f"query {{ namespace(id: $ns) {{ keys(prefix: $key, limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ namespace(id: $mine) {{ keys(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ namespace(id: $mine) {{ keys(first: 1, after: $cursor) {PAGE} }} }}",
        names="prefix nextToken after",
    ),
    "Namespace.members": row(
        f"query {{ namespace(id: $ns) {{ members(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ namespace(id: $mine) {{ members(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ namespace(id: $mine) {{ members(first: 1, after: $cursor) {PAGE} }} }}",
        names="nextToken after",
    ),
    "Mutation.signUp": row(
        'mutation { signUp(input: {email: $email, password: "correct horse"}) { user { email } } }',
        claims="input.email",
        plain="input.password",
        is_open=True,
    ),
    "Mutation.createApiKey": row(
        'mutation { createApiKey(input: {name: "n", scopes: ["read"]}) { apiKey { name } } }',
        plain="input.name input.scopes",
    ),
    "Mutation.revokeApiKey": row("mutation { revokeApiKey(apiKeyId: $apiKeyId) }", names="apiKeyId"),
    "Mutation.createNamespace": row(
        'mutation { createNamespace(input: {id: $ns, description: "d"}) { id } }',
        claims="input.id",
        plain="input.description",
    ),
    "Mutation.updateNamespace": row(
        'mutation { updateNamespace(input: {id: $ns, description: "d"}) { description } }',
        names="input.id",
        plain="input.description",
    ),
    "Mutation.deleteNamespace": row("mutation { deleteNamespace(id: $ns) { id status } }", names="id"),
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
