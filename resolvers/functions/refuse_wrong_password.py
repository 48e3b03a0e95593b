"""Step: stops here unless the password was right; the last wrong one that an account has is an event of its owner's."""

from typing import Any

from datastore.entities.user import UserEntity
from datastore.operations import Deferred, Nothing, Operation
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.password_attempts import Attempt, refuse


def request(ctx: Context) -> Operation[Any]:
    """The event is written behind the answer, which so takes no longer for an email that somebody has."""
    attempt: Attempt = ctx.stash["attempt"]
    user: UserEntity | None = ctx.stash["user"]
    if attempt.verdict.matches:
        ctx.early_return()
    if attempt.verdict.last and user:
        return Deferred(audit(ctx, AuditAction.LOGIN_LIMITED, user_id=user.user_id))
    return Nothing()


def response(ctx: Context, result: None) -> None:
    refuse(ctx, ctx.stash["attempt"])
