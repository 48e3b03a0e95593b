"""Accounts and their API keys: fields, and what a tenant has of them."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from datastore.api_keys import digest_api_key, make_api_key
from tests.api import Api
from tests.schema.isolation.row import PAGE, Row, row

VARIABLES = {"user": "ID!", "apiKeyId": "ID!", "apiKey": "String!", "email": "AWSEmail!", "cursor": "String"}


async def make(caller: Api, objects: Mapping[str, Any]) -> Mapping[str, Any]:
    spare = 'mutation { createApiKey(input: {name: "spare"}) { secret } }'
    secret = (await caller(spare)).data["createApiKey"]["secret"]
    return {"user": caller.user_id, "apiKey": caller.key, "apiKeyId": digest_api_key(secret)}


def nobodys() -> Mapping[str, Any]:
    return {
        "user": str(uuid4()),
        "email": f"{uuid4().hex}@example.com",
        "apiKeyId": uuid4().hex * 2,
        "apiKey": make_api_key(uuid4().bytes + b"12345678"),
        "cursor": "AYo" + "A" * 60,
    }


ROWS: Mapping[str, Row] = {
    "Query.me": row("query { me { userId } }"),
    "Query.user": row("query { user(userId: $user) { userId email createdAt } }", names="userId"),
    "Query.userByApiKey": row("query { userByApiKey(apiKey: $apiKey) { userId } }", names="apiKey", admin=True),
    "User.apiKeys": row(
        f"query {{ user(userId: $user) {{ apiKeys(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ apiKeys(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ apiKeys(first: 1, after: $cursor) {PAGE} }} }}",
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
}
