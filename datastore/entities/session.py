"""USER#{user_id} / SESSION#{digest}: somebody signed in. The token itself is nowhere: its SHA-256 is its identity."""

from datetime import datetime
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, Seconds, Timestamp, partition_of, sort_of
from datastore.session_tokens import digest_session_token
from datastore.tables import SESSIONS_METADATA

LONGEST_USER_AGENT = 256
SECONDS, IDLE_SECONDS = 30 * 86_400, 7 * 86_400  # unless the settings say otherwise


class SessionEntity(Entity):
    """`expires_at` also stands in `ttl`, by which DynamoDB removes it in time; until then reads compare the clock.

    `epoch` is the user's when it was begun: a new password gives the user another, and no session of an older counts.
    """

    table: ClassVar = SESSIONS_METADATA
    entity_types: ClassVar = ("SESSION",)

    pk: Annotated[str, partition_of(AccessPattern.GET_SESSION)]
    sk: Annotated[str, sort_of(AccessPattern.GET_SESSION)]
    gsi1_pk: Annotated[str, partition_of(AccessPattern.LIST_SESSIONS)]
    gsi1_sk: Annotated[str, sort_of(AccessPattern.LIST_SESSIONS)]
    gsi2_pk: Annotated[str, partition_of(AccessPattern.LOOK_UP_SESSION)]
    gsi2_sk: Literal["METADATA"]
    session_id: str
    user_id: str
    last_seen_at: Timestamp
    expires_at: Seconds
    ttl: Seconds
    user_agent: Annotated[str | None, Field(max_length=LONGEST_USER_AGENT)] = None
    epoch: str | None = None

    @classmethod
    def new(
        cls,
        token: str,
        *,
        user_id: str,
        created_at: str,
        expires_at: int,
        user_agent: str | None = None,
        epoch: str | None = None,
    ) -> "SessionEntity":
        """The item for a fresh token, which is shown to its owner once and is not kept."""
        digest = digest_session_token(token)
        optional = {"userAgent": (user_agent or "")[:LONGEST_USER_AGENT] or None, "epoch": epoch}
        return cls.from_item(
            AccessPattern.GET_SESSION.key(user_id=user_id, digest=digest).attributes()
            | AccessPattern.LIST_SESSIONS.entry(user_id=user_id, created_at=created_at)
            | AccessPattern.LOOK_UP_SESSION.entry(digest=digest)
            | {"entityType": "SESSION", "sessionId": digest, "userId": user_id, "lastSeenAt": created_at}
            | {"expiresAt": expires_at, "ttl": expires_at, "createdAt": created_at, "updatedAt": created_at}
            | {name: value for name, value in optional.items() if value is not None}
        )

    def is_live(self, now: float, *, idle_seconds: float) -> bool:
        return self.expires_at > now and self.idle_for(now) < idle_seconds

    def idle_for(self, now: float) -> float:
        """Seconds since it was last known to be used."""
        return now - self._last_seen

    @cached_property
    def _last_seen(self) -> float:
        return datetime.fromisoformat(self.last_seen_at).timestamp()
