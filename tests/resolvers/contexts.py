"""Contexts and items for the tests of resolvers: one caller, one namespace, one moment."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from types import ModuleType
from typing import Any

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.cursors import CursorSeal
from datastore.entities.namespace import NamespaceEntity
from datastore.entities.user import UserEntity
from datastore.grants import Grant, NamespaceRole
from resolvers.context import Context, FieldInfo, Identity
from resolvers.namespaces import NamespaceView
from resolvers.registry import FIELDS
from resolvers.scopes import ALL_SCOPES

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECONDS = 1_767_323_045
STAMP = "2026-01-02T03:04:05.000Z"
EARLIER = "2026-01-01T00:00:00.000Z"

ALICE = Identity("alice", frozenset(ALL_SCOPES))
SHOP = Grant("alice", "shop", NamespaceRole.OWNER)
FIRST_ID = "id-1"


def context(path: str, *, grant: Grant | None = SHOP, **changes: Any) -> Context:
    """auto_id gives id-1, id-2 …"""
    parent, _, name = path.partition(".")
    numbers = count(1)
    given: dict[str, Any] = {
        "info": FieldInfo(parent, name),
        "identity": ALICE,
        "seal": CursorSeal([b"k" * 32]),
        "now": NOW,
        "auto_id": lambda: f"id-{next(numbers)}",
        "grants": {grant.namespace: grant} if grant else {},
    }
    return Context(**given | changes)


def request(path: str, ctx: Context | None = None, **arguments: Any) -> tuple[Any, Context]:
    """What a field's resolver asks for, and the context afterwards."""
    ctx = ctx or context(path)
    ctx.arguments = arguments
    return resolver(path).request(ctx, **arguments), ctx


def resolver(path: str) -> ModuleType:
    return FIELDS[path].resolver


def primary_key(key: str) -> PrimaryKey:
    return AccessPattern.GET_KEY.key(SHOP, key=key)


def key_item(key: str = "k", **changes: Any) -> dict[str, Any]:
    """As a put of ours leaves it; None takes an attribute away."""
    item = {
        **primary_key(key).attributes(),
        **AccessPattern.LIST_KEYS.entry(SHOP, key=key),
        "entityType": "KEY",
        "value": "v",
        "version": 3,
        "createdAt": EARLIER,
        "updatedAt": EARLIER,
        "writeId": "earlier",
    }
    return {name: value for name, value in (item | changes).items() if value is not None}


def new_key_item(key: str = "k", **changes: Any) -> dict[str, Any]:
    """As the first put in these contexts leaves it."""
    return key_item(key, version=1, createdAt=STAMP, updatedAt=STAMP, writeId=FIRST_ID, **changes)


def namespace_item(grant: Grant = SHOP, **changes: Any) -> dict[str, Any]:
    return {
        **AccessPattern.GET_NAMESPACE.key(grant).attributes(),
        "entityType": "NAMESPACE",
        "namespace": grant.namespace,
        "ownerId": "alice",
        "status": "ACTIVE",
        "createdAt": EARLIER,
        "updatedAt": EARLIER,
        **changes,
    }


def grant_item(namespace: str = "shop", user_id: str = "alice", **changes: Any) -> dict[str, Any]:
    return {
        **AccessPattern.GET_GRANT.key(user_id=user_id, namespace=namespace).attributes(),
        "entityType": "NAMESPACE",
        "namespace": namespace,
        "userId": user_id,
        "role": "OWNER",
        "status": "ACTIVE",
        "createdAt": EARLIER,
        "updatedAt": EARLIER,
        **changes,
    }


def member_item(user_id: str = "bob", grant: Grant = SHOP, **changes: Any) -> dict[str, Any]:
    return {
        **AccessPattern.GET_MEMBER.key(grant, user_id=user_id).attributes(),
        "entityType": "MEMBER",
        "userId": user_id,
        "role": "EDITOR",
        "createdAt": EARLIER,
        "updatedAt": EARLIER,
        **changes,
    }


def user(user_id: str = "alice", **attributes: Any) -> UserEntity:
    return UserEntity.new(user_id, EARLIER, **attributes)


def view(**changes: Any) -> NamespaceView:
    return NamespaceView(NamespaceEntity.from_item(namespace_item(**changes)), SHOP)


def without(item: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in names}
