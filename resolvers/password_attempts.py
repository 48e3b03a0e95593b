"""A password put forward: looked at within the limits, and what is answered where it is wrong."""

from dataclasses import dataclass
from typing import NoReturn

from datastore.entities.user import UserEntity
from datastore.errors import Refusal, TooManyRequests
from datastore.operations import PasswordVerdict, VerifyPassword
from resolvers.context import Context


@dataclass(frozen=True)
class Attempt:
    """`wrong` is the answer to a wrong one: by it nobody learns whether there is such an account."""

    verdict: PasswordVerdict
    wrong: Refusal


def look_at(ctx: Context, user: UserEntity | None, password: str, *, account: str) -> VerifyPassword:
    """As much work where there is no user."""
    stored = user.password_hash if user else None
    return VerifyPassword(password, stored, account=account, address=ctx.client_ip or "")


def refuse(ctx: Context, attempt: Attempt) -> NoReturn:
    if wait := attempt.verdict.wait_seconds:
        ctx.add_response_header("Retry-After", str(wait))
        raise TooManyRequests(f"Too many attempts; the next may be made in {wait} seconds.", info={"retryAfter": wait})
    raise attempt.wrong
