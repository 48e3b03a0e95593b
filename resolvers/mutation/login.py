"""Mutation.login: a session for whoever knows the email and its password; the token is shown this once."""

from datastore.entities.user import UserEntity, UserStatus
from datastore.errors import TransactionCancelled, Unauthenticated
from datastore.expressions import Update, equals
from datastore.operations import ConditionCheck, TransactWrite, TransactWriteItems, UpdateItem
from resolvers.context import Context
from resolvers.functions import read_account, read_claim, refuse_wrong_password, rehash_password, verify_login
from resolvers.sessions import NewSession, begin, login_writes, set_cookie

STEPS = (read_claim, read_account, verify_login, refuse_wrong_password, rehash_password)


def request(ctx: Context, email: str, password: str) -> TransactWriteItems:
    """Only while the password is still the one that was looked at."""
    user: UserEntity = ctx.stash["user"]
    if user.status is not UserStatus.ACTIVE:
        raise Unauthenticated(f"This account is {user.status.lower()}.")
    new = begin(ctx, user)
    ctx.stash["new"] = new
    return TransactWriteItems((_keep_password(ctx, user), *login_writes(ctx, new)))


def response(ctx: Context, result: None) -> NewSession:
    new: NewSession = ctx.stash["new"]
    set_cookie(ctx, new)
    return new


def failure(ctx: Context, error: TransactionCancelled) -> NewSession:
    """The password has changed, or the account has gone, at this moment: look again."""
    if any(reason.failed_condition for reason in error.reasons):
        ctx.again()
    raise error


def _keep_password(ctx: Context, user: UserEntity) -> TransactWrite:
    """With a new hash of the same password, where its parameters have grown."""
    unchanged = equals("passwordHash", user.password_hash)
    if ctx.prev is None:
        return ConditionCheck(user.key, unchanged)
    return UpdateItem(user.key, Update({"passwordHash": ctx.prev, "updatedAt": ctx.timestamp}), unchanged)
