"""Step: the password of a login, against the hash of whoever has the email, or against none."""

from datastore.entities.user import fold_email
from datastore.errors import Unauthenticated
from datastore.operations import PasswordVerdict, VerifyPassword
from resolvers.context import Context
from resolvers.password_attempts import Attempt, look_at


def request(ctx: Context) -> VerifyPassword:
    account = fold_email(ctx.arguments["email"])
    return look_at(ctx, ctx.stash["user"], ctx.arguments["password"], account=account)


def response(ctx: Context, result: PasswordVerdict) -> None:
    ctx.stash["attempt"] = Attempt(result, Unauthenticated("The email or the password is wrong."))
