"""Session: somebody signed in; the token itself is shown once, when it is begun."""

from typing import Self

import strawberry

from resolvers.sessions import SessionView
from schema.scalars import AWSDateTime, AWSTimestamp


@strawberry.type(description="Somebody signed in. The token is shown once, at login.")
class Session:
    session_id: strawberry.ID = strawberry.field(description="Names the session, for revokeSession; opens nothing.")
    created_at: AWSDateTime = strawberry.field(description="When it was begun.")
    last_seen_at: AWSDateTime = strawberry.field(description="About when it was last used, to some minutes.")
    expires_at: AWSTimestamp = strawberry.field(description="From which second on it is refused, however it is used.")
    user_agent: str | None = strawberry.field(description="What the program that began it said it was.")
    current: bool = strawberry.field(description="Whether it is the one that asks.")

    @classmethod
    def of(cls, view: SessionView) -> Self:
        entity = view.entity
        return cls(
            session_id=strawberry.ID(entity.session_id),
            created_at=AWSDateTime(entity.created_at),
            last_seen_at=AWSDateTime(entity.last_seen_at),
            expires_at=AWSTimestamp(entity.expires_at),
            user_agent=entity.user_agent,
            current=view.current,
        )
