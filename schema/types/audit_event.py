"""AuditEvent: something that was done to an account."""

from typing import Self

import strawberry

from datastore.entities.audit_event import AuditEventEntity
from schema.scalars import AWSJSON, AWSDateTime


@strawberry.type(
    description="Something that was done to an account: to its keys, sessions, role, plan, status or shares."
)
class AuditEvent:
    at: AWSDateTime = strawberry.field(description="When it happened.")
    action: str = strawberry.field(description="What was done, for programs: such as apiKey.revoked.")
    actor_id: strawberry.ID | None = strawberry.field(description="Who did it; null for somebody without an account.")
    target: str | None = strawberry.field(
        description="What it was done to, such as a key's id, where it is not the account."
    )
    detail: AWSJSON | None = strawberry.field(description="What more there is to say; never a secret.")

    @classmethod
    def of(cls, entity: AuditEventEntity) -> Self:
        return cls(
            at=AWSDateTime(entity.created_at),
            action=entity.action,
            actor_id=strawberry.ID(entity.actor_id) if entity.actor_id else None,
            target=entity.target,
            detail=None if entity.detail is None else AWSJSON(entity.detail),
        )
