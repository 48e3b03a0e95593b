"""The usual stack: Strawberry and boto3 as their documentation shows them, boto3 in threads."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry's field decorators are untyped under strict.

import asyncio
import hashlib
import json
import os
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NewType

import boto3
import strawberry
from boto3.dynamodb.conditions import Key as Attribute
from strawberry.asgi import GraphQL
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info
from strawberry.types.scalar import ScalarDefinition

AWSJSON = NewType("AWSJSON", object)
AWSTimestamp = NewType("AWSTimestamp", int)
PUT = (
    "SET #value = :value, #ttl = :ttl, updatedAt = :now, createdAt = if_not_exists(createdAt, :now),"
    " entityType = :type, GSI1PK = :partition, GSI1SK = :sort ADD version :one"
)


class IsAuthenticated(BasePermission):
    message = "User is not authenticated"

    async def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:
        known: dict[str, float] = info.context["known"]
        digest = hashlib.sha256(info.context["request"].headers.get("x-api-key", "").encode()).hexdigest()
        if known.get(digest, 0) > time.monotonic():
            return True
        key = {"PK": f"APIKEY#{digest}", "SK": "METADATA"}
        found = await asyncio.to_thread(_table(info).get_item, Key=key, ConsistentRead=True)
        if "Item" in found:
            known[digest] = time.monotonic() + float(os.environ["BENCH_IDENTITY_SECONDS"])
        return "Item" in found


@strawberry.type
class Key:
    namespace: strawberry.ID
    key: str
    value: AWSJSON | None
    ttl: AWSTimestamp | None
    version: int
    size: int
    created_at: str
    updated_at: str


@strawberry.type
class KeyConnection:
    items: list[Key]
    next_token: str | None


@strawberry.input
class PutKeyInput:
    namespace: strawberry.ID
    key: str
    value: AWSJSON
    ttl: AWSTimestamp | None = None


@strawberry.type
class Query:
    @strawberry.field(permission_classes=[IsAuthenticated])
    async def key(self, info: Info, namespace: strawberry.ID, key: str) -> Key | None:
        found = await asyncio.to_thread(_table(info).get_item, Key=_address(namespace, key))
        return _shown(found["Item"]) if "Item" in found else None

    @strawberry.field(permission_classes=[IsAuthenticated])
    async def keys(
        self, info: Info, namespace: strawberry.ID, prefix: str | None = None, limit: int | None = None
    ) -> KeyConnection:
        condition = Attribute("GSI1PK").eq(f"NS#{namespace}") & Attribute("GSI1SK").begins_with(f"KEY#{prefix or ''}")
        page = await asyncio.to_thread(
            _table(info).query, IndexName="GSI1", KeyConditionExpression=condition, Limit=limit or 50
        )
        last = page.get("LastEvaluatedKey")
        return KeyConnection(
            items=[_shown(item) for item in page["Items"]], next_token=json.dumps(last) if last else None
        )


@strawberry.type
class Mutation:
    @strawberry.mutation(permission_classes=[IsAuthenticated])
    async def put_key(self, info: Info, input: PutKeyInput) -> Key:  # noqa: A002 - the contract's name
        address = _address(input.namespace, input.key)
        written = await asyncio.to_thread(
            _table(info).update_item,
            Key=address,
            UpdateExpression=PUT,
            ExpressionAttributeNames={"#value": "value", "#ttl": "ttl"},
            ExpressionAttributeValues={
                ":value": input.value, ":ttl": input.ttl, ":now": _now(), ":one": 1, ":type": "KEY",
                ":partition": address["PK"], ":sort": address["SK"],
            },
            ReturnValues="ALL_NEW",
        )  # fmt: skip
        return _shown(written["Attributes"])


def create_app() -> GraphQL[Any, Any]:
    table = boto3.resource("dynamodb", endpoint_url=os.environ["BENCH_ENDPOINT"]).Table("kv-storage-data")

    known: dict[str, float] = {}

    class App(GraphQL[Any, Any]):
        async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
            return {"request": request, "response": response, "table": table, "known": known}

    scalars: dict[object, ScalarDefinition] = {
        AWSJSON: strawberry.scalar(name="AWSJSON", serialize=_json, parse_value=_native),
        AWSTimestamp: strawberry.scalar(name="AWSTimestamp", serialize=int, parse_value=int),
    }
    schema = strawberry.Schema(Query, Mutation, config=StrawberryConfig(scalar_map=scalars))
    return App(schema)


def _table(info: Info) -> Any:
    return info.context["table"]


def _address(namespace: str, key: str) -> dict[str, str]:
    return {"PK": f"NS#{namespace}", "SK": f"KEY#{key}"}


def _shown(item: dict[str, Any]) -> Key:
    return Key(
        namespace=strawberry.ID(item["PK"].removeprefix("NS#")),
        key=item["SK"].removeprefix("KEY#"),
        value=item.get("value"),
        ttl=item.get("ttl"),
        version=int(item["version"]),
        size=int(item["size"]),
        created_at=item["createdAt"],
        updated_at=item["updatedAt"],
    )


def _json(value: Any) -> str:
    return json.dumps(value, default=lambda number: int(number) if number % 1 == 0 else float(number))


def _native(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
