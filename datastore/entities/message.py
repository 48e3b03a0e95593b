"""USER#{user_id} / MESSAGE#{ulid}: something that a user is told, in his inbox."""

from typing import Annotated, ClassVar

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, Timestamp, partition_of, sort_of


class MessageEntity(Entity):
    """Sorted by when it was written. Without `read_at` it is new."""

    entity_types: ClassVar = ("MESSAGE",)

    pk: Annotated[str, partition_of(AccessPattern.GET_MESSAGE)]
    sk: Annotated[str, sort_of(AccessPattern.GET_MESSAGE)]
    message_id: str
    user_id: str
    kind: str
    subject: str
    body: str
    read_at: Timestamp | None = None

    @classmethod
    def new(cls, ulid: str, created_at: str, *, user_id: str, kind: str, subject: str, body: str) -> "MessageEntity":
        return cls.from_item(
            AccessPattern.GET_MESSAGE.key(user_id=user_id, ulid=ulid).attributes()
            | {"entityType": "MESSAGE", "messageId": ulid, "userId": user_id}
            | {"kind": kind, "subject": subject, "body": body, "createdAt": created_at, "updatedAt": created_at}
        )
