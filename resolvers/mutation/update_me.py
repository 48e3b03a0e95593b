"""Mutation.updateMe: another email or password for the caller, who gives the present password once more."""

from datastore.entities.user import UserEntity
from datastore.errors import TransactionCancelled
from datastore.operations import TransactWriteItems
from resolvers.account_changes import change_user, end_sessions, move_email, with_email
from resolvers.context import Context
from resolvers.functions import (
    hash_new_password,
    list_own_sessions,
    read_account,
    refuse_wrong_password,
    verify_caller,
)
from resolvers.sessions import set_cookie

STEPS = (read_account, verify_caller, refuse_wrong_password, hash_new_password, list_own_sessions)


def request(
    ctx: Context, current_password: str, email: str | None = None, password: str | None = None
) -> TransactWriteItems:
    before: UserEntity = ctx.stash["user"]
    changed = {} if email is None else with_email(before, email)
    if ctx.stash["password_hash"]:
        changed |= {"passwordHash": ctx.stash["password_hash"], "sessionEpoch": ctx.write_id}
    if not changed:
        ctx.early_return(before, skip_to="END")
    after = UserEntity.from_item(before.to_item() | changed | {"updatedAt": ctx.timestamp})
    changes = [change_user(before, after), *move_email(ctx, before, after), *end_sessions(ctx, after)]
    ctx.stash["after"] = after
    ctx.stash["refusals"] = [change.refusal for change in changes]
    return TransactWriteItems(tuple(change.write for change in changes))


def response(ctx: Context, result: None) -> UserEntity:
    if "new" in ctx.stash:
        set_cookie(ctx, ctx.stash["new"])
    after: UserEntity = ctx.stash["after"]
    return after


def failure(ctx: Context, error: TransactionCancelled) -> UserEntity:
    failed = [
        refusal for refusal, each in zip(ctx.stash["refusals"], error.reasons, strict=True) if each.failed_condition
    ]
    if not failed:
        raise error
    for refusal in failed:
        if refusal is not None:
            raise refusal
    ctx.again()
