"""Accounts that are to go with everything that an account can have, and the job that removes them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, cast

from botocore.client import BaseClient

from datastore.access_patterns import AccessPattern
from datastore.account_deletion import AccountDeletion
from datastore.deletion_marks import mark_account
from datastore.entities.api_key import ApiKeyEntity
from datastore.entities.entity import Entity
from datastore.entities.namespace import MemberEntity
from datastore.entities.quota import AssignmentEntity
from datastore.entities.session import SessionEntity
from datastore.entities.subject import linked
from datastore.entities.user import UserEntity, fold_email
from datastore.expressions import missing
from datastore.grants import Grant, NamespaceRole
from datastore.operations import BatchWriteItem, PutItem, Query
from datastore.session_tokens import make_session_token
from datastore.store import Store
from datastore.tables import QUOTA_EVENTS, TABLES
from tests.datastore.going_namespaces import COMMON, MARKED_AT, SETTLE, Clock, Executes, found
from tests.datastore.stores import MOMENT

EMAIL = "Alice@example.com"


def make_job(store: Executes, clock: Clock) -> AccountDeletion:
    return AccountDeletion(cast(Store, store), settle_seconds=SETTLE, clock=clock, poll_seconds=0.001)


async def account(store: Store, user_id: str = "alice", *, email: str = EMAIL, messages: int = 3) -> UserEntity:
    """A user with some of each kind; `messages` stands for how much there is of the largest."""
    user = UserEntity.new(user_id, MOMENT, email=email)
    puts: list[PutItem] = [_put(each) for each in _entities(user)]
    puts += [PutItem(item) for item in _plain_items(user, messages)]
    events = AccessPattern.LIST_QUOTA_EVENTS.range(user_id=user_id).pk
    puts.append(PutItem({"PK": events, "SK": "TIMESTAMP#2026#x", **COMMON, "entityType": "EVENT"}, table=QUOTA_EVENTS))
    await asyncio.gather(*map(store.execute, puts))
    return user


async def mark(store: Store, user: UserEntity) -> None:
    await store.execute(mark_account(user, missing("deletingSince"), now=MARKED_AT, timestamp=MOMENT))


async def own_namespace(store: Store, name: str) -> Grant:
    """One of alice's, in use."""
    return await found(store, name, status="ACTIVE", keys=2)


async def shared_with(store: Store, user_id: str, name: str, role: NamespaceRole = NamespaceRole.EDITOR) -> Grant:
    """A namespace of bob's that the user may use."""
    grant = Grant(user_id, name, role)
    item = {"entityType": "NAMESPACE", "namespace": name, "userId": user_id, "ownerId": "bob", "role": role}
    member = AccessPattern.GET_MEMBER.key(grant, user_id=user_id).attributes()
    puts = (
        AccessPattern.GET_GRANT.key(user_id=user_id, namespace=name).attributes() | item | COMMON,
        member | {"entityType": "MEMBER", "userId": user_id, "role": role} | COMMON,
        AccessPattern.GET_NAMESPACE.key(grant).attributes()
        | {"entityType": "NAMESPACE", "namespace": name, "ownerId": "bob", "status": "ACTIVE", **COMMON},
    )
    assert await store.execute(BatchWriteItem(puts=puts)) == ()
    return grant


async def members(store: Store, grant: Grant) -> list[MemberEntity]:
    page = await store.execute(Query(AccessPattern.LIST_MEMBERS.range(grant), limit=100, consistent=True))
    return [MemberEntity.from_item(item) for item in page.items]


def everything(dynamodb: BaseClient, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Table, PK and SK of each item that there is."""
    found: list[tuple[str, str, str]] = []
    for table in TABLES:
        pages = dynamodb.get_paginator("scan").paginate(TableName=names[table.name], ConsistentRead=True)
        found += [(table.name, item["PK"]["S"], item["SK"]["S"]) for page in pages for item in page["Items"]]
    return sorted(found)


def _put(entity: Entity) -> PutItem:
    return PutItem(entity.to_item(), table=entity.table)


def _entities(user: UserEntity) -> Sequence[Entity]:
    sessions = [make_session_token(user.user_id, bytes([number] * 32)) for number in range(2)]
    return (
        user,
        AssignmentEntity.of(user),
        *(
            ApiKeyEntity.new(f"{user.user_id}-{n}", user_id=user.user_id, name="n", scopes=["read"], created_at=MOMENT)
            for n in range(2)
        ),
        *(
            SessionEntity.new(token, user_id=user.user_id, created_at=MOMENT, expires_at=2 * MARKED_AT)
            for token in sessions
        ),
        *linked("https://issuer.example", user.user_id, user_id=user.user_id, created_at=MOMENT),
    )


def _plain_items(user: UserEntity, messages: int) -> Sequence[dict[str, Any]]:
    partition = user.key.attributes()["PK"]
    claim = AccessPattern.CLAIM_EMAIL.key(email=fold_email(user.email or "")).attributes()
    return (
        claim | {"entityType": "EMAIL", "userId": user.user_id, **COMMON},
        *({"PK": partition, "SK": f"MESSAGE#{n:05}", "entityType": "MESSAGE", **COMMON} for n in range(messages)),
        {"PK": partition, "SK": "TIMESTAMP#2026#a", "entityType": "AUDIT", **COMMON},
        AccessPattern.GET_REPLAY.key(user_id=user.user_id, digest="0" * 64).attributes()
        | {"entityType": "REPLAY", **COMMON},
    )
