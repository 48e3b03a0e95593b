"""USER#{user_id} / TIMESTAMP#{created_at}#{ulid} of quota-events: what happened to a user's quota."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, Seconds, Whole, partition_of, sort_of
from datastore.entities.user import Plan
from datastore.tables import QUOTA_EVENTS, Table

KEPT_SECONDS = 90 * 24 * 3600


class QuotaEventKind(StrEnum):
    THRESHOLD_REACHED = "THRESHOLD_REACHED"
    PLAN_CHANGED = "PLAN_CHANGED"


class QuotaEventEntity(Entity):
    """A threshold has `resource`, `percent`, `used` and `allowed`; a changed plan has `plan` and `plan_before`."""

    table: ClassVar[Table] = QUOTA_EVENTS
    entity_types: ClassVar = ("QUOTA_EVENT",)

    pk: Annotated[str, partition_of(AccessPattern.ADD_QUOTA_EVENT)]
    sk: Annotated[str, sort_of(AccessPattern.ADD_QUOTA_EVENT)]
    user_id: str
    kind: Annotated[QuotaEventKind, Field(strict=False)]
    ttl: Seconds
    resource: Literal["requests", "storage"] | None = None
    percent: Whole | None = None
    used: Whole | None = None
    allowed: Whole | None = None
    plan: Annotated[Plan | None, Field(strict=False)] = None
    plan_before: Annotated[Plan | None, Field(strict=False)] = None

    @classmethod
    def new(
        cls, user_id: str, kind: QuotaEventKind, *, ulid: str, created_at: str, seconds: int, **attributes: object
    ) -> "QuotaEventEntity":
        """`seconds` are those of `created_at`: the event is kept for 90 days from then."""
        key = AccessPattern.ADD_QUOTA_EVENT.key(user_id=user_id, created_at=created_at, ulid=ulid)
        return cls.from_item(
            key.attributes()
            | {"entityType": "QUOTA_EVENT", "userId": user_id, "kind": kind, "ttl": seconds + KEPT_SECONDS}
            | {"createdAt": created_at, "updatedAt": created_at}
            | attributes
        )
