"""Mutation.deleteMe: marks the account DELETING, which ends every credential; a job does the rest."""

from datastore.deletion_marks import mark_account
from datastore.entities.user import UserEntity, UserStatus
from datastore.errors import BadRequest, ConditionFailed
from datastore.expressions import Condition, equals, missing
from datastore.operations import Item, UpdateItem
from resolvers.context import Context
from resolvers.functions import confirm_deletion, read_account, refuse_wrong_password
from resolvers.permissions import Permission, permissions_of
from resolvers.roles import has_role
from resolvers.sessions import clear_cookie

STEPS = (read_account, confirm_deletion, refuse_wrong_password)


def request(ctx: Context, current_password: str | None = None) -> UpdateItem:
    """Only while password and role are still those that were looked at: somebody who gives roles is always left."""
    user: UserEntity = ctx.stash["user"]
    if Permission.ROLES_WRITE in permissions_of(ctx.policies, user.role):
        raise BadRequest("Whoever gives roles can't leave: have another administrator give you the role member first.")
    active = missing("status") | equals("status", UserStatus.ACTIVE)
    unchanged = active & has_role(user.role) & _same("passwordHash", user.password_hash)
    return mark_account(user, unchanged, now=ctx.now_seconds, timestamp=ctx.timestamp)


def response(ctx: Context, result: Item | None) -> bool:
    clear_cookie(ctx)
    return True


def failure(ctx: Context, error: ConditionFailed) -> bool:
    """Marked already, by us if the answer was lost, or gone; else the password has changed at this moment."""
    if error.item is None or error.item.get("status") == UserStatus.DELETING:
        return response(ctx, None)
    ctx.again()


def _same(attribute: str, value: str | None) -> Condition:
    return missing(attribute) if value is None else equals(attribute, value)
