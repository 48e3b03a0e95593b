"""Single sign-on and the end of an account: fields, and what a tenant has of them."""

from collections.abc import Mapping
from typing import Any

from tests.api import Api
from tests.schema.isolation.row import Row, row

VARIABLES: Mapping[str, str] = {}


async def make(caller: Api, objects: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


def nobodys() -> Mapping[str, Any]:
    return {}


ROWS: Mapping[str, Row] = {
    "Mutation.startOidcLogin": row(
        'mutation { startOidcLogin(redirectUri: "https://app.example/callback", challenge: "c", link: true) { url } }',
        plain="redirectUri challenge",
        is_open=True,
        guarded=True,
    ),
    "Mutation.completeOidcLogin": row(
        'mutation { completeOidcLogin(state: "s", code: "c", verifier: "v") { token } }',
        plain="state code verifier",
        is_open=True,
        guarded=True,
    ),
    "Mutation.deleteMe": row('mutation { deleteMe(currentPassword: "correct horse") }', plain="currentPassword"),
}
