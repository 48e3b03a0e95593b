"""Roles: fields, and names of roles. Roles are everybody's to see."""

from collections.abc import Mapping
from typing import Any

from tests.api import Api
from tests.schema.isolation.row import Row, row

VARIABLES = {"role": "ID!", "newRole": "ID!"}


async def make(caller: Api, objects: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"role": "admin", "newRole": "support"}


def nobodys() -> Mapping[str, Any]:
    return {"role": "no-such-role", "newRole": "another"}


ROWS: Mapping[str, Row] = {
    "Query.roles": row("query { roles { id permissions description } }"),
    "Mutation.putRole": row(
        'mutation { putRole(input: {id: $newRole, permissions: ["users:read"], description: "d"}) { id } }',
        names="input.id",
        plain="input.permissions input.description",
        admin=True,
    ),
    "Mutation.setUserRole": row(
        "mutation { setUserRole(userId: $user, role: $role) { role } }", names="userId role", admin=True
    ),
}
