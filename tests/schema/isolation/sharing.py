"""Sharing: fields, and somebody with whom a tenant has shared his namespace."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from tests.api import Api
from tests.schema.isolation.row import Row, row

VARIABLES = {"guest": "AWSEmail!", "guestId": "ID!"}


async def make(caller: Api, objects: Mapping[str, Any]) -> Mapping[str, Any]:
    guest = await caller.sign_up()
    email = (await guest("{ me { email } }")).data["me"]["email"]
    share = "mutation ($id: ID!, $to: AWSEmail!) { shareNamespace(id: $id, email: $to, role: VIEWER) { userId } }"
    assert (await caller(share, id=objects["ns"], to=email)).data
    return {"guest": email, "guestId": guest.user_id}


def nobodys() -> Mapping[str, Any]:
    return {"guest": f"{uuid4().hex}@example.com", "guestId": str(uuid4())}


ROWS: Mapping[str, Row] = {
    "Mutation.shareNamespace": row(
        "mutation { shareNamespace(id: $ns, email: $guest, role: EDITOR) { role } }",
        names="id",
        finds="email",
    ),
    "Mutation.unshareNamespace": row(
        "mutation { unshareNamespace(id: $mine, userId: $guestId) }",
        "mutation { unshareNamespace(id: $ns, userId: $guestId) }",
        names="id userId",
    ),
}
