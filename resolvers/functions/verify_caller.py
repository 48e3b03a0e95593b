"""Step: the caller's own password once more, before something that his session or key alone must not do."""

from datastore.entities.user import UserEntity, fold_email
from datastore.errors import BadRequest, NotFound, Unauthorized
from datastore.operations import PasswordVerdict, VerifyPassword
from resolvers.context import Context
from resolvers.password_attempts import Attempt, look_at


def request(ctx: Context) -> VerifyPassword:
    """Counted with the logins of the same account."""
    user: UserEntity | None = ctx.stash["user"]
    if user is None:
        raise NotFound("The caller's account no longer exists.")
    if user.password_hash is None:
        raise BadRequest("This account has no password.")
    account = fold_email(user.email or user.user_id)
    return look_at(ctx, user, ctx.arguments["current_password"], account=account)


def response(ctx: Context, result: PasswordVerdict) -> None:
    ctx.stash["attempt"] = Attempt(result, Unauthorized("The current password is wrong."))
