"""User: somebody with an account."""

from typing import Self

import strawberry

from datastore.entities.user import Plan, UserEntity, UserStatus
from datastore.metering.months import month_of
from resolvers.paging import Paging
from resolvers.user import api_keys as api_keys_resolver
from resolvers.user import audit_events as audit_events_resolver
from resolvers.user import messages as messages_resolver
from resolvers.user import namespaces as namespaces_resolver
from resolvers.user import quota as quota_resolver
from resolvers.user import sessions as sessions_resolver
from schema.resolving import Info, resolve_under
from schema.scalars import AWSDateTime, AWSEmail
from schema.types.api_key import ApiKey
from schema.types.arguments import After, First, From, Limit, NextToken, To
from schema.types.audit_event import AuditEvent
from schema.types.connection import Connection
from schema.types.message import Message
from schema.types.namespace import Namespace
from schema.types.quota import Quota
from schema.types.session import Session

strawberry.enum(UserStatus, description="Whether an account may be used.")


@strawberry.type(description="Somebody with an account.")
class User:
    user_id: strawberry.ID = strawberry.field(description="Names the user; made by the server.")
    email: AWSEmail | None = strawberry.field(description="As it was given; null for the local administrator.")
    plan: Plan = strawberry.field(description="What they have subscribed to.")
    status: UserStatus = strawberry.field(description="Whether the account may be used.")
    role: str = strawberry.field(description="The id of their role; member unless an administrator says otherwise.")
    storage_bytes: float = strawberry.field(description="Bytes in their own namespaces; at most a minute old.")
    created_at: AWSDateTime = strawberry.field(description="When they signed up.")
    updated_at: AWSDateTime = strawberry.field(description="When the account was last changed.")
    entity: strawberry.Private[UserEntity]

    @strawberry.field(description="Requests this month; at most a minute old.")
    def request_count(self, info: Info) -> float:
        return self.entity.requests_in(month_of(info.context.clock()))

    @strawberry.field(description="What they may use, and have used.")
    async def quota(self, info: Info) -> Quota:
        return Quota.of(await resolve_under(self.entity, quota_resolver, info))

    @strawberry.field(description="The namespaces they may use, by name.")
    async def namespaces(
        self,
        info: Info,
        limit: Limit = None,
        next_token: NextToken = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Namespace]:
        paging = Paging(limit, next_token, first, after)
        listing = await resolve_under(self.entity, namespaces_resolver, info, paging=paging)
        return Connection[Namespace].of(listing, Namespace.of)

    @strawberry.field(description="Their API keys, oldest first.")
    async def api_keys(
        self,
        info: Info,
        limit: Limit = None,
        next_token: NextToken = None,
        first: First = None,
        after: After = None,
    ) -> Connection[ApiKey]:
        paging = Paging(limit, next_token, first, after)
        return Connection[ApiKey].of(
            await resolve_under(self.entity, api_keys_resolver, info, paging=paging), ApiKey.of
        )

    @strawberry.field(description="Where they are signed in, newest first.")
    async def sessions(
        self,
        info: Info,
        limit: Limit = None,
        next_token: NextToken = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Session]:
        paging = Paging(limit, next_token, first, after)
        listing = await resolve_under(self.entity, sessions_resolver, info, paging=paging)
        return Connection[Session].of(listing, Session.of)

    @strawberry.field(description="What they have been told, newest first. For the user himself alone.")
    async def messages(
        self,
        info: Info,
        limit: Limit = None,
        next_token: NextToken = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Message]:
        paging = Paging(limit, next_token, first, after)
        listing = await resolve_under(self.entity, messages_resolver, info, paging=paging)
        return Connection[Message].of(listing, Message.of)

    @strawberry.field(description="What was done to the account, in the order in which it happened.")
    async def audit_events(
        self,
        info: Info,
        since: From = None,
        until: To = None,
        limit: Limit = None,
        next_token: NextToken = None,
        first: First = None,
        after: After = None,
    ) -> Connection[AuditEvent]:
        paging = Paging(limit, next_token, first, after)
        listing = await resolve_under(self.entity, audit_events_resolver, info, paging=paging, since=since, until=until)
        return Connection[AuditEvent].of(listing, AuditEvent.of)

    @classmethod
    def of(cls, entity: UserEntity) -> Self:
        return cls(
            user_id=strawberry.ID(entity.user_id),
            email=AWSEmail(entity.email) if entity.email else None,
            plan=entity.plan,
            status=entity.status,
            role=entity.role,
            storage_bytes=entity.storage_bytes,
            created_at=AWSDateTime(entity.created_at),
            updated_at=AWSDateTime(entity.updated_at),
            entity=entity,
        )

    @classmethod
    def of_optional(cls, entity: UserEntity | None) -> Self | None:
        return cls.of(entity) if entity else None
