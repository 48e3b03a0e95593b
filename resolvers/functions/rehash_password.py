"""Step: the right password hashed anew, if its hash has other parameters than today's; prev is that hash, or None."""

from datastore.operations import HashPassword
from resolvers.context import Context
from resolvers.password_attempts import Attempt


def request(ctx: Context) -> HashPassword:
    attempt: Attempt = ctx.stash["attempt"]
    if not attempt.verdict.outdated:
        ctx.early_return()
    return HashPassword(ctx.arguments["password"])


def response(ctx: Context, result: str) -> str:
    return result
