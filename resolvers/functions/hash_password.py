"""Step: the password among the arguments, hashed; the next step finds the hash in prev."""

from datastore.operations import HashPassword
from resolvers.context import Context


def request(ctx: Context) -> HashPassword:
    return HashPassword(ctx.arguments["password"])


def response(ctx: Context, result: str) -> str:
    return result
