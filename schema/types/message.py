"""Message: something that a user has been told."""

from typing import Self

import strawberry

from datastore.entities.message import MessageEntity
from schema.scalars import AWSDateTime


@strawberry.type(
    description="Something that a user has been told: an invitation, a limit reached, a change of the account."
)
class Message:
    message_id: strawberry.ID = strawberry.field(description="Names the message, for markMessageRead.")
    kind: str = strawberry.field(description="What it is about, for programs: such as account.created.")
    subject: str = strawberry.field(description="What it says, in a line.")
    body: str = strawberry.field(description="What it says.")
    read_at: AWSDateTime | None = strawberry.field(
        description="When it was first marked as read; null while it is new."
    )
    created_at: AWSDateTime = strawberry.field(description="When it was written.")

    @classmethod
    def of(cls, entity: MessageEntity) -> Self:
        return cls(
            message_id=strawberry.ID(entity.message_id),
            kind=entity.kind,
            subject=entity.subject,
            body=entity.body,
            read_at=AWSDateTime(entity.read_at) if entity.read_at else None,
            created_at=AWSDateTime(entity.created_at),
        )

    @classmethod
    def of_optional(cls, entity: MessageEntity | None) -> Self | None:
        return cls.of(entity) if entity else None
