"""What users are told, and what was done to their accounts: fields, and what a tenant has of them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from datastore.entities.message import MessageEntity
from datastore.operations import PutItem
from datastore.ulids import RANDOM_BYTES, make_ulid
from tests.api import Api
from tests.schema.isolation.row import PAGE, Row, row

VARIABLES = {"message": "ID!"}


async def make(caller: Api, objects: Mapping[str, Any]) -> Mapping[str, Any]:
    ulids = [make_ulid(datetime(2026, 1, 1, tzinfo=UTC), uuid4().bytes[:RANDOM_BYTES]) for _ in range(2)]
    for ulid in ulids:
        told = {"kind": "account.created", "subject": "canary", "body": "canary"}
        message = MessageEntity.new(ulid, "2026-01-01T00:00:00.000Z", user_id=caller.user_id or "", **told)
        await caller.store.execute(PutItem(message.to_item()))
    return {"message": ulids[0]}


def nobodys() -> Mapping[str, Any]:
    return {"message": "01JB0000000000000000000003"}


ROWS: Mapping[str, Row] = {
    "User.messages": row(
        f"query {{ user(userId: $user) {{ messages(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ messages(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ messages(first: 1, after: $cursor) {PAGE} }} }}",
        names="nextToken after",
    ),
    "User.auditEvents": row(
        f"query {{ user(userId: $user) {{ auditEvents(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ auditEvents(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ auditEvents(first: 1, after: $cursor) {PAGE} }} }}",
        names="nextToken after",
    ),
    "Mutation.markMessageRead": row(
        "mutation { markMessageRead(messageId: $message) { subject body } }", names="messageId"
    ),
}
