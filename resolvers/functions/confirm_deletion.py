"""Step: the caller's password once more before the account goes; one that single sign-on alone opens has none."""

from datastore.entities.user import UserEntity
from datastore.errors import BadRequest
from datastore.operations import PasswordVerdict, VerifyPassword
from resolvers.context import Context
from resolvers.functions import verify_caller
from resolvers.password_attempts import Attempt

_NONE_NEEDED = PasswordVerdict(matches=True)


def request(ctx: Context) -> VerifyPassword:
    user: UserEntity | None = ctx.stash["user"]
    wrong = BadRequest("currentPassword must be given: this account has a password.")
    if user and user.password_hash is None:
        ctx.stash["attempt"] = Attempt(_NONE_NEEDED, wrong)
        ctx.early_return()
    if ctx.arguments["current_password"] is None:
        raise wrong
    return verify_caller.request(ctx)


def response(ctx: Context, result: PasswordVerdict) -> None:
    verify_caller.response(ctx, result)
