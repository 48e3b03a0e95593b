"""Namespaces that are to go, and the job that removes them, on a clock of the test's."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast

from datastore.access_patterns import AccessPattern
from datastore.grants import Grant, NamespaceRole
from datastore.namespace_deletion import NamespaceDeletion
from datastore.operations import BatchGetItem, BatchWriteItem, GetItem, Item, Query
from datastore.store import Store
from tests.datastore.stores import MOMENT, item_of

SETTLE = 15
MARKED_AT = 1_000_000
COMMON = {"createdAt": MOMENT, "updatedAt": MOMENT}


class Executes(Protocol):
    """A store, or what stands before one."""

    async def execute(self, operation: Any) -> Any: ...


@dataclass
class Clock:
    now: float = MARKED_AT

    def __call__(self) -> float:
        return self.now


def make_job(store: Executes, clock: Clock) -> NamespaceDeletion:
    return NamespaceDeletion(cast(Store, store), settle_seconds=SETTLE, clock=clock, poll_seconds=0.001)


def grant_of(name: str) -> Grant:
    return Grant("alice", name, NamespaceRole.OWNER)


async def found(store: Store, name: str, *, status: str = "DELETING", keys: int = 0) -> Grant:
    """A namespace of alice's, with its grant, member and keys."""
    grant = grant_of(name)
    going = {
        "deletingSince": MARKED_AT,
        **AccessPattern.LIST_GOING.entry(status=status, user_id="alice", namespace=name),
    }
    items: list[dict[str, Any]] = [
        AccessPattern.GET_NAMESPACE.key(grant).attributes()
        | {"entityType": "NAMESPACE", "namespace": name, "ownerId": "alice", "status": status, **COMMON}
        | (going if status == "DELETING" else {}),
        AccessPattern.GET_GRANT.key(user_id="alice", namespace=name).attributes()
        | {
            "entityType": "NAMESPACE",
            "namespace": name,
            "userId": "alice",
            "role": "OWNER",
            "status": status,
            **COMMON,
        },
        AccessPattern.GET_MEMBER.key(grant, user_id="alice").attributes()
        | {"entityType": "MEMBER", "userId": "alice", "role": "OWNER", **COMMON},
        *(item_of(f"k{number:04}", grant) for number in range(keys)),
    ]
    assert await store.execute(BatchWriteItem(puts=tuple(items))) == ()
    return grant


async def share(store: Store, grant: Grant, *users: str) -> None:
    """The namespace's members, and their grants, as shareNamespace leaves them."""
    items: list[dict[str, Any]] = []
    for user_id in users:
        items += [
            AccessPattern.GET_MEMBER.key(grant, user_id=user_id).attributes()
            | {"entityType": "MEMBER", "userId": user_id, "role": "EDITOR", **COMMON},
            AccessPattern.GET_GRANT.key(user_id=user_id, namespace=grant.namespace).attributes()
            | {"entityType": "NAMESPACE", "namespace": grant.namespace, "userId": user_id, "role": "EDITOR"}
            | {"ownerId": grant.user_id, **COMMON},
        ]
    assert await store.execute(BatchWriteItem(puts=tuple(items))) == ()


async def may_use(store: Store, grant: Grant, *users: str) -> list[str]:
    """Those of the users that have a grant."""
    keys = tuple(AccessPattern.GET_GRANT.key(user_id=each, namespace=grant.namespace) for each in users)
    items = await store.execute(BatchGetItem(keys, consistent=True))
    return [user_id for user_id, item in zip(users, items, strict=True) if item]


async def contents(store: Store, grant: Grant) -> list[str]:
    page = await store.execute(Query(AccessPattern.LIST_EVERYTHING.range(grant), limit=1000, consistent=True))
    return [item["SK"] for item in page.items]


async def namespace_item(store: Store, grant: Grant) -> Item | None:
    return await store.execute(GetItem(AccessPattern.GET_NAMESPACE.key(grant), consistent=True))


async def is_gone(store: Store, grant: Grant) -> bool:
    key = AccessPattern.GET_GRANT.key(user_id=grant.user_id, namespace=grant.namespace)
    return not await contents(store, grant) and await store.execute(GetItem(key, consistent=True)) is None


async def until(condition: Callable[[], Awaitable[bool]], *, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - what is waited for stands in the table
            await asyncio.sleep(0.001)
