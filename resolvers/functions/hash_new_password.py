"""Step: the new password, hashed, where one is given."""

from datastore.operations import HashPassword
from resolvers.context import Context


def request(ctx: Context) -> HashPassword:
    ctx.stash["password_hash"] = None
    if ctx.arguments["password"] is None:
        ctx.early_return()
    return HashPassword(ctx.arguments["password"])


def response(ctx: Context, result: str) -> None:
    ctx.stash["password_hash"] = result
