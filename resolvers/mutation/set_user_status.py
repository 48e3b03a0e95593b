"""Mutation.setUserStatus: suspend an account, or let it in again; for administrators."""

from datastore.access_patterns import AccessPattern
from datastore.entities.user import UserEntity, UserStatus
from datastore.errors import BadRequest, TransactionCancelled
from datastore.expressions import Condition, Update, equals, exists, missing
from datastore.operations import TransactWriteItems, UpdateItem
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.functions import read_user
from resolvers.messages import MessageKind, message
from resolvers.roles import check_covered, has_role, still_authorised

STEPS = (read_user,)

_TOLD = {
    UserStatus.SUSPENDED: ("Your account is suspended", "An administrator has suspended your account."),
    UserStatus.ACTIVE: ("Your account may be used again", "An administrator has let your account in again."),
}


def request(ctx: Context, user_id: str, status: UserStatus) -> TransactWriteItems:
    """The caller must still be what he was let in as: of two administrators who suspend each other, one fails."""
    user: UserEntity = ctx.prev
    _check(ctx, user, status)
    if user.status is status:
        ctx.early_return(user, skip_to="END")
    ctx.stash["user"] = user
    subject, body = _TOLD[status]
    return TransactWriteItems(
        (
            UpdateItem(user.key, _update(ctx, user, status), _stands(user)),
            still_authorised(ctx),
            audit(ctx, AuditAction.STATUS_CHANGED, user_id=user_id, detail={"from": user.status, "to": status}),
            message(ctx, MessageKind.STATUS_CHANGED, user_id=user_id, subject=subject, body=body),
        )
    )


def response(ctx: Context, result: None) -> UserEntity:
    """With what the transaction has changed."""
    user: UserEntity = ctx.stash["user"]
    changes = {"status": ctx.arguments["status"], "updated_at": ctx.timestamp}
    return user.model_copy(update=changes)


def failure(ctx: Context, error: TransactionCancelled) -> UserEntity:
    """Somebody else changed the user at this moment: look again. Or he changed the caller."""
    if error.reasons[1].failed_condition:
        ctx.unauthorized()
    if error.reasons[0].failed_condition:
        ctx.again()
    raise error


def _check(ctx: Context, user: UserEntity, status: UserStatus) -> None:
    """Nobody is suspended by one who may do less; so there is always somebody left who may do everything."""
    if status is UserStatus.DELETING:
        raise BadRequest("An account is given up by deleteMe alone; setUserStatus takes ACTIVE or SUSPENDED.")
    if user.status is UserStatus.DELETING:
        raise BadRequest("This account is being deleted, which nothing can stop.")
    if user.user_id == ctx.caller.user_id and status is UserStatus.SUSPENDED:
        raise BadRequest("You can't suspend your own account; another administrator can.")
    if role := ctx.policies.roles.get(user.role):
        check_covered(ctx, role)


def _stands(user: UserEntity) -> Condition:
    """As he was read; what an item does not say is ACTIVE."""
    has_status = equals("status", user.status)
    if user.status is UserStatus.ACTIVE:
        has_status |= missing("status")
    return exists("PK") & has_role(user.role) & has_status


def _update(ctx: Context, user: UserEntity, status: UserStatus) -> Update:
    """Those who are ACTIVE stand in no index of statuses."""
    changes = {"status": status, "updatedAt": ctx.timestamp, "writeId": ctx.write_id}
    if status is UserStatus.ACTIVE:
        return Update(changes, remove=("GSI4PK", "GSI4SK"))
    return Update(changes | AccessPattern.LIST_BY_STATUS.entry(status=status, user_id=user.user_id))
