"""Mutation.putRole: make a role, or change what its holders may do."""

from collections.abc import Sequence

from datastore.entities.role import RoleEntity
from datastore.errors import BadRequest, LimitExceeded, TransactionCancelled
from datastore.expressions import equals, missing
from datastore.operations import Item, PutItem, TransactWriteItems
from datastore.policy_cache import MOST_ROLES
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.descriptions import check_description
from resolvers.functions import read_role
from resolvers.roles import ADMIN, check_covered, check_permissions, role_of, still_authorised

STEPS = (read_role,)


def request(ctx: Context, role: str, permissions: Sequence[str], description: str | None = None) -> TransactWriteItems:
    """Somebody holds the role admin at all times (see setUserRole), so what it holds must stay."""
    stored: Item | None = ctx.prev
    if role == ADMIN:
        raise BadRequest("The role admin is built in, holds every permission, and stays as it is.")
    if role == ctx.caller.role:
        raise BadRequest("Nobody changes the role that he holds himself.")
    if stored is None and role not in ctx.policies.roles and len(ctx.policies.roles) >= MOST_ROLES:
        raise LimitExceeded(f"There may be {MOST_ROLES} roles.")
    new = RoleEntity.new(
        role, ctx.timestamp, permissions=check_permissions(permissions), description=check_description(description)
    )
    before = role_of(role, stored)
    for each in (before, new):
        if each:
            check_covered(ctx, each)
    item = new.to_item() | ({"createdAt": stored["createdAt"]} if stored else {})
    ctx.stash["role"] = RoleEntity.from_item(item)
    detail = {"before": before.permissions if before else None, "after": new.permissions}
    unchanged = equals("updatedAt", stored["updatedAt"]) if stored else missing("PK")
    told = audit(ctx, AuditAction.ROLE_CHANGED, user_id=ctx.caller.user_id, target=role, detail=detail)
    return TransactWriteItems((PutItem(item, unchanged), still_authorised(ctx), told))


def response(ctx: Context, result: None) -> RoleEntity:
    role: RoleEntity = ctx.stash["role"]
    return role


def failure(ctx: Context, error: TransactionCancelled) -> RoleEntity:
    """Somebody else puts it at this moment: look again. Whoever has lost his own role is told so."""
    _, own, _ = error.reasons
    if own.failed_condition:
        ctx.unauthorized()
    if any(reason.failed_condition for reason in error.reasons):
        ctx.again()
    raise error
