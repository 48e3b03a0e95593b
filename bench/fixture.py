"""The data that every contestant serves: one caller, one namespace and fifty keys, as DynamoDB's JSON."""

from collections.abc import Mapping
from typing import Any

from datastore.api_keys import make_api_key
from datastore.attribute_values import tag_item
from datastore.entities.api_key import ApiKeyEntity

Item = dict[str, Any]  # as it stands on the wire: {"PK": {"S": "..."}}

API_KEY = make_api_key(bytes(24))
USER_ID = "01JGFJJZ000000000000000000"
NAMESPACE = "bench"
CREATED_AT = "2026-01-01T00:00:00.000Z"
UPDATED_AT = "2026-01-02T03:04:05.678Z"
EXPIRES = 2_000_000_000  # in 2033: far enough ahead, and within the ten years that this service allows
VERSION = 7
PAGE = 50


def key_name(number: int) -> str:
    return f"customer:{number:04}"


def key_value(number: int) -> dict[str, Any]:
    return {"name": f"Customer {number:04}", "visits": 1000 + number, "active": True, "tags": ["new", "north"]}


def items() -> list[Item]:
    """Everything the table of the bench holds."""
    return [_api_key(), _user(), _grant(), _namespace(), *(key_item(number) for number in range(PAGE))]


def key_item(number: int, *, version: int = VERSION) -> Item:
    partition, sort = f"NS#{NAMESPACE}", f"KEY#{key_name(number)}"
    return _item(
        {"PK": partition, "SK": sort, "GSI1PK": partition, "GSI1SK": sort, "entityType": "KEY"},
        {"value": key_value(number), "ttl": EXPIRES, "version": version, "size": 300},
    )


def _api_key() -> Item:
    made = ApiKeyEntity.new(API_KEY, user_id=USER_ID, name="bench", scopes=("read", "write"), created_at=CREATED_AT)
    return tag_item(made.to_item())


def _user() -> Item:
    return _item(
        {"PK": f"USER#{USER_ID}", "SK": "METADATA", "entityType": "USER"},
        {
            "userId": USER_ID,
            "plan": "scale",
            "status": "ACTIVE",
            "role": "member",
            "requestCount": 0,
            "storageBytes": 0,
        },
    )


def _grant() -> Item:
    return _item(
        {"PK": f"USER#{USER_ID}", "SK": f"NS#{NAMESPACE}", "entityType": "NAMESPACE"},
        {"namespace": NAMESPACE, "userId": USER_ID, "role": "OWNER", "status": "ACTIVE"},
    )


def _namespace() -> Item:
    return _item(
        {"PK": f"NS#{NAMESPACE}", "SK": "METADATA", "entityType": "NAMESPACE"},
        {"namespace": NAMESPACE, "ownerId": USER_ID, "status": "ACTIVE"},
    )


def _item(keys: Mapping[str, Any], attributes: Mapping[str, Any]) -> Item:
    times = {"createdAt": CREATED_AT, "updatedAt": UPDATED_AT}
    return tag_item({**keys, **attributes, **times})
