"""Sessions: fields, and what a tenant has of them."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from datastore.session_tokens import digest_session_token
from tests.api import Api
from tests.schema.isolation.row import PAGE, Row, row

VARIABLES = {"sessionId": "ID!"}


async def make(caller: Api, objects: Mapping[str, Any]) -> Mapping[str, Any]:
    token = (await caller.as_caller(None).try_login(objects["email"])).data["login"]["token"]
    return {"sessionId": digest_session_token(token)}


def nobodys() -> Mapping[str, Any]:
    return {"sessionId": uuid4().hex * 2}


ROWS: Mapping[str, Row] = {
    "User.sessions": row(
        f"query {{ user(userId: $user) {{ sessions(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ sessions(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ sessions(first: 1, after: $cursor) {PAGE} }} }}",
        names="nextToken after",
    ),
    "Mutation.login": row(
        'mutation { login(input: {email: $email, password: "not alices"}) { token } }',
        names="input.email",
        plain="input.password",
        is_open=True,
        guarded=True,
    ),
    "Mutation.logout": row("mutation { logout }"),
    "Mutation.revokeSession": row("mutation { revokeSession(sessionId: $sessionId) }", names="sessionId"),
    "Mutation.updateMe": row(
        'mutation { updateMe(email: $email, password: "battery staple", currentPassword: "correct horse") { email } }',
        claims="email",
        plain="password currentPassword",
    ),
}
