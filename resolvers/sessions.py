"""Sessions: how one is begun, how the settings bound it, and the cookie in which a browser keeps its token."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.entities.session import IDLE_SECONDS, SECONDS, SessionEntity
from datastore.entities.user import UserEntity
from datastore.expressions import Condition, equals, greater, missing
from datastore.operations import DeleteItem, PutItem, TransactWrite
from datastore.session_tokens import SECRET_BYTES, make_session_token
from datastore.tables import SESSIONS_METADATA
from resolvers.audit import AuditAction, audit
from resolvers.context import Context, format_time

COOKIE = "__Host-kv-session"
_COOKIE_ATTRIBUTES = (
    "Path=/; Secure; HttpOnly; SameSite=Lax"  # with the prefix __Host- browsers insist on the first two
)


@dataclass(frozen=True)
class NewSession:
    """`token` is the secret itself: the only time that it is shown."""

    user: UserEntity
    entity: SessionEntity
    token: str


@dataclass(frozen=True)
class SessionView:
    """`current`: it is the one that asks."""

    entity: SessionEntity
    current: bool


def begin(ctx: Context, user: UserEntity) -> NewSession:
    """Always with a token of our own making: none that a caller brings becomes another's."""
    token = make_session_token(user.user_id, ctx.random_bytes(SECRET_BYTES))
    entity = SessionEntity.new(
        token,
        user_id=user.user_id,
        created_at=ctx.timestamp,
        expires_at=ctx.now_seconds + int(ctx.env.get("SESSION_SECONDS", SECONDS)),
        user_agent=ctx.request_headers.get("user-agent"),
        epoch=user.session_epoch,
    )
    return NewSession(user, entity, token)


def put_session(entity: SessionEntity) -> PutItem:
    return PutItem(entity.to_item(), missing("PK"), table=SESSIONS_METADATA)


def login_writes(ctx: Context, new: NewSession) -> Sequence[TransactWrite]:
    """The session that asks for another ends with it."""
    ended = own_session(ctx)
    user_id = new.user.user_id
    event = audit(ctx, AuditAction.SESSION_STARTED, user_id=user_id, target=new.entity.session_id, actor_id=user_id)
    return (put_session(new.entity), event, *([DeleteItem(ended)] if ended else ()))


def own_session(ctx: Context) -> PrimaryKey | None:
    """The session that asks, if the caller has come with one."""
    identity = ctx.identity
    if identity is None or identity.session_id is None:
        return None
    return AccessPattern.GET_SESSION.key(user_id=identity.user_id, digest=identity.session_id)


def live_sessions(ctx: Context, user: UserEntity) -> Condition:
    """What holds for those sessions of a user that would still let him in."""
    idle_seconds = float(ctx.env.get("SESSION_IDLE_SECONDS", IDLE_SECONDS))
    epoch = missing("epoch") if user.session_epoch is None else equals("epoch", user.session_epoch)
    seen_after = format_time(ctx.now - timedelta(seconds=idle_seconds))
    return greater("expiresAt", ctx.now_seconds) & greater("lastSeenAt", seen_after) & epoch


def view(ctx: Context, entity: SessionEntity) -> SessionView:
    return SessionView(entity, ctx.caller.session_id == entity.session_id)


def set_cookie(ctx: Context, new: NewSession) -> None:
    """Where the settings let browsers keep the token in a cookie."""
    if _uses_cookies(ctx):
        seconds = new.entity.expires_at - ctx.now_seconds
        ctx.add_response_header("Set-Cookie", f"{COOKIE}={new.token}; Max-Age={seconds}; {_COOKIE_ATTRIBUTES}")


def clear_cookie(ctx: Context) -> None:
    if _uses_cookies(ctx):
        ctx.add_response_header("Set-Cookie", f"{COOKIE}=; Max-Age=0; {_COOKIE_ATTRIBUTES}")


def came_by_cookie(ctx: Context) -> bool:
    return own_session(ctx) is not None and "authorization" not in ctx.request_headers


def _uses_cookies(ctx: Context) -> bool:
    return ctx.env.get("SESSION_COOKIE") == "true"
