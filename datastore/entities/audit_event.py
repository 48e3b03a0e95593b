"""USER#{user_id} / TIMESTAMP#{created_at}#{ulid}: what was done to an account, by whom and when."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, partition_of, sort_of


class AuditEventEntity(Entity):
    """It happened at `created_at`. Without `actor_id`, by somebody who had no account."""

    entity_types: ClassVar = ("AUDIT",)

    pk: Annotated[str, partition_of(AccessPattern.ADD_AUDIT_EVENT)]
    sk: Annotated[str, sort_of(AccessPattern.ADD_AUDIT_EVENT)]
    user_id: str
    action: str
    actor_id: str | None = None
    target: str | None = None
    detail: Any = None

    @classmethod
    def new(
        cls,
        ulid: str,
        created_at: str,
        *,
        user_id: str,
        action: str,
        actor_id: str | None = None,
        target: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> "AuditEventEntity":
        about = {"actorId": actor_id, "target": target, "detail": detail}
        return cls.from_item(
            AccessPattern.ADD_AUDIT_EVENT.key(user_id=user_id, created_at=created_at, ulid=ulid).attributes()
            | {"entityType": "AUDIT", "userId": user_id, "action": action}
            | {"createdAt": created_at, "updatedAt": created_at}
            | {name: value for name, value in about.items() if value is not None}
        )
