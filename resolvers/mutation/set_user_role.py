"""Mutation.setUserRole: give a user another role. The role admin is never left without a holder."""

from datastore.entities.user import UserEntity
from datastore.errors import BadRequest, TransactionCancelled, Unauthorized
from datastore.expressions import Update, differs, exists
from datastore.operations import TransactWriteItems, UpdateItem
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.functions import read_user_and_role
from resolvers.roles import ADMIN, check_covered, has_role, still_authorised

STEPS = (read_user_and_role,)


def request(ctx: Context, user_id: str, role: str) -> TransactWriteItems:
    """Nobody changes his own role, and only a holder of admin, who stays one, takes admin from another."""
    user: UserEntity = ctx.prev
    if user.role == role:
        ctx.early_return(user, skip_to="END")
    if user_id == ctx.caller.user_id:
        raise BadRequest("Nobody changes his own role: ask another administrator.")
    if user.role == ADMIN and ctx.caller.role != ADMIN:
        raise Unauthorized("Only an administrator takes the role admin away.")
    before = ctx.policies.roles.get(user.role)
    for each in (before, ctx.stash["role"]):
        if each:
            check_covered(ctx, each)
    ctx.stash["user"] = user.model_copy(update={"role": role, "updated_at": ctx.timestamp})
    there = exists("PK") & differs("status", "DELETING") & has_role(user.role)
    change = UpdateItem(user.key, Update({"role": role, "updatedAt": ctx.timestamp}), there)
    detail = {"before": user.role, "after": role}
    told = audit(ctx, AuditAction.USER_ROLE_CHANGED, user_id=user_id, target=user_id, detail=detail)
    return TransactWriteItems((change, still_authorised(ctx), told))


def response(ctx: Context, result: None) -> UserEntity:
    user: UserEntity = ctx.stash["user"]
    return user


def failure(ctx: Context, error: TransactionCancelled) -> UserEntity:
    """Somebody else changes the user at this moment: look again. Whoever has lost his own role is told so."""
    _, own, _ = error.reasons
    if own.failed_condition:
        ctx.unauthorized()
    if any(reason.failed_condition for reason in error.reasons):
        ctx.again()
    raise error
