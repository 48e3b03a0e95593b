"""Mutation.setUserPlan: give a user another plan, and with it another tier; for administrators."""

from datastore.access_patterns import AccessPattern
from datastore.entities.quota_event import QuotaEventEntity, QuotaEventKind
from datastore.entities.user import Plan, UserEntity, UserStatus
from datastore.errors import BadRequest, TransactionCancelled
from datastore.expressions import IfMissing, Update, equals, missing
from datastore.operations import PutItem, TransactWriteItems, UpdateItem
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.functions import read_user
from resolvers.messages import MessageKind, message
from resolvers.roles import is_let_in_as, still_authorised

STEPS = (read_user,)


def request(ctx: Context, user_id: str, plan: Plan) -> TransactWriteItems:
    """The user, the assignment by which the directory finds him, and all that tells of the change.

    The caller must still be what he was let in as; where he is the user himself, that is asked of the one item.
    """
    user: UserEntity = ctx.prev
    if user.status is UserStatus.DELETING:
        raise BadRequest("This account is being deleted, which nothing can stop.")
    if user.plan is plan:
        ctx.early_return(user, skip_to="END")
    ctx.stash["user"] = user
    himself = user_id == ctx.caller.user_id
    if himself and (user.role, user.status) != (ctx.caller.role, UserStatus.ACTIVE):
        ctx.unauthorized()
    return TransactWriteItems(
        (
            _change_user(ctx, user, plan),
            _assign(ctx, user, plan),
            _event(ctx, user, plan),
            audit(ctx, AuditAction.PLAN_CHANGED, user_id=user_id, detail={"from": user.plan, "to": plan}),
            message(
                ctx,
                MessageKind.PLAN_CHANGED,
                user_id=user_id,
                subject=f"Your plan is now {plan}",
                body=f"It was {user.plan}. Its limits hold within seconds; me {{ quota }} shows them.",
            ),
            *(() if himself else (still_authorised(ctx),)),
        )
    )


def response(ctx: Context, result: None) -> UserEntity:
    user: UserEntity = ctx.stash["user"]
    return user.model_copy(update={"plan": ctx.arguments["plan"], "updated_at": ctx.timestamp})


def failure(ctx: Context, error: TransactionCancelled) -> UserEntity:
    """Somebody else changed the user at this moment: look again. Or he changed the caller."""
    user, *others = error.reasons
    if any(reason.failed_condition for reason in others):
        ctx.unauthorized()
    if user.failed_condition:
        ctx.again()
    raise error


def _change_user(ctx: Context, user: UserEntity, plan: Plan) -> UpdateItem:
    """As he was read: neither gone, nor going, nor given another plan meanwhile."""
    has_plan, stays = equals("plan", user.plan), equals("status", user.status)
    if user.plan is Plan.FREE:
        has_plan |= missing("plan")
    if user.user_id == ctx.caller.user_id:
        stays = is_let_in_as(ctx.caller.role)
    elif user.status is UserStatus.ACTIVE:
        stays |= missing("status")
    update = Update({"plan": plan, "updatedAt": ctx.timestamp, "writeId": ctx.write_id})
    return UpdateItem(user.key, update, equals("entityType", "USER") & has_plan & stays)


def _assign(ctx: Context, user: UserEntity, plan: Plan) -> UpdateItem:
    update = Update(
        {"entityType": "ASSIGNMENT", "userId": user.user_id, "createdAt": IfMissing(ctx.timestamp)}
        | {"tier": plan, "updatedAt": ctx.timestamp}
        | AccessPattern.LIST_BY_TIER.entry(tier=plan, user_id=user.user_id)
    )
    return UpdateItem(AccessPattern.GET_ASSIGNMENT.key(user_id=user.user_id), update)


def _event(ctx: Context, user: UserEntity, plan: Plan) -> PutItem:
    event = QuotaEventEntity.new(
        user.user_id,
        QuotaEventKind.PLAN_CHANGED,
        ulid=ctx.auto_ulid(),
        created_at=ctx.timestamp,
        seconds=ctx.now_seconds,
        plan=plan,
        planBefore=user.plan,
    )
    return PutItem(event.to_item(), table=event.table)
