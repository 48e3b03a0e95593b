"""Namespace: a set of keys that belongs to somebody, and who may use it."""

from typing import Self

import strawberry

from datastore.entities.namespace import MemberEntity
from datastore.grants import NamespaceRole, NamespaceStatus
from resolvers.namespace import key as key_resolver
from resolvers.namespace import keys as keys_resolver
from resolvers.namespace import members as members_resolver
from resolvers.namespaces import NamespaceView
from resolvers.paging import Paging
from schema.resolving import Info, resolve_under
from schema.scalars import AWSDateTime, AWSEmail
from schema.types.arguments import After, Consistent, First, KeyName, Limit, NextToken, Prefix, Reverse
from schema.types.connection import Connection
from schema.types.key import Key

strawberry.enum(NamespaceStatus, description="Whether a namespace is in use, or going.")
strawberry.enum(NamespaceRole, description="What somebody may do in a namespace: an OWNER all, an EDITOR write keys.")


@strawberry.type(description="Somebody who may use a namespace.")
class Member:
    user_id: strawberry.ID = strawberry.field(description="Who it is.")
    email: AWSEmail | None = strawberry.field(description="The address it was shared with; null for the owner.")
    role: NamespaceRole = strawberry.field(description="What they may do.")
    created_at: AWSDateTime = strawberry.field(description="Since when.")

    @classmethod
    def of(cls, entity: MemberEntity) -> Self:
        return cls(
            user_id=strawberry.ID(entity.user_id),
            email=AWSEmail(entity.email) if entity.email else None,
            role=entity.role,
            created_at=AWSDateTime(entity.created_at),
        )


@strawberry.type(description="A set of keys with an owner. Its name is its id, and is unique among all users.")
class Namespace:
    id: strawberry.ID = strawberry.field(description="Its name.")
    owner_id: strawberry.ID = strawberry.field(description="Whose it is.")
    description: str | None = strawberry.field(description="What its owner says of it.")
    status: NamespaceStatus = strawberry.field(description="DELETING from deleteNamespace until the name is free.")
    role: NamespaceRole = strawberry.field(description="The caller's role in it.")
    created_at: AWSDateTime = strawberry.field(description="When it was made.")
    updated_at: AWSDateTime = strawberry.field(description="When it, not its keys, was last changed.")
    view: strawberry.Private[NamespaceView]

    @strawberry.field(description="One of its keys; null if it is absent or has expired.")
    async def key(self, info: Info, key: KeyName) -> Key | None:
        return Key.of_optional(await resolve_under(self.view, key_resolver, info, key=key))

    @strawberry.field(description="Its keys, in the order of their UTF-8 bytes.")
    async def keys(
        self,
        info: Info,
        prefix: Prefix = None,
        reverse: Reverse = None,
        consistent: Consistent = None,
        limit: Limit = None,
        next_token: NextToken = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Key]:
        paging = Paging(limit, next_token, first, after)
        listing = await resolve_under(
            self.view, keys_resolver, info, paging=paging, prefix=prefix, reverse=reverse, consistent=consistent
        )
        return Key.all_of(listing)

    @strawberry.field(description="Who may use it.")
    async def members(
        self,
        info: Info,
        limit: Limit = None,
        next_token: NextToken = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Member]:
        paging = Paging(limit, next_token, first, after)
        return Connection[Member].of(await resolve_under(self.view, members_resolver, info, paging=paging), Member.of)

    @classmethod
    def of(cls, view: NamespaceView) -> Self:
        entity = view.entity
        return cls(
            id=strawberry.ID(entity.namespace),
            owner_id=strawberry.ID(entity.owner_id),
            description=entity.description,
            status=entity.status,
            role=view.grant.role,
            created_at=AWSDateTime(entity.created_at),
            updated_at=AWSDateTime(entity.updated_at),
            view=view,
        )

    @classmethod
    def of_optional(cls, view: NamespaceView | None) -> Self | None:
        return cls.of(view) if view else None
