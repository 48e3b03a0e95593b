"""The directory of users: fields, and what a tenant has of them."""

from collections.abc import Mapping
from typing import Any

from tests.api import Api
from tests.schema.isolation.row import PAGE, Row, row

VARIABLES: Mapping[str, str] = {}


async def make(caller: Api, objects: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


def nobodys() -> Mapping[str, Any]:
    return {}


ROWS: Mapping[str, Row] = {
    "Query.users": row(
        f"query {{ users(limit: 1, nextToken: $cursor) {PAGE} }}",
        f"query {{ users(first: 1, after: $cursor) {PAGE} }}",
        f'query {{ users(emailDomain: "example.com", limit: 1, nextToken: $cursor) {PAGE} }}',
        names="nextToken after",
        plain="emailDomain",
        admin=True,
    ),
    "Mutation.setUserStatus": row(
        "mutation { setUserStatus(userId: $user, status: ACTIVE) { userId } }", names="userId", admin=True
    ),
}
