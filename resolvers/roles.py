"""Roles: which there are, and who may give them. Nobody gives, takes or changes what is more than he has himself."""

from collections.abc import Collection

from datastore.access_patterns import AccessPattern
from datastore.entities.role import EVERY_PERMISSION, RoleEntity
from datastore.entities.user import UserStatus
from datastore.errors import BadRequest, Unauthorized
from datastore.expressions import Condition, equals, missing
from datastore.operations import ConditionCheck, Item
from datastore.policies import BUILT_IN
from resolvers.context import Context
from resolvers.permissions import Permission

ADMIN, MEMBER = "admin", "member"


def role_of(role: str, item: Item | None) -> RoleEntity | None:
    """As stored; else the built-in one of that name, if there is one."""
    return RoleEntity.from_item(item) if item else BUILT_IN.roles.get(role)


def has_role(role: str) -> Condition:
    """Of a user's item: one without a role is a member."""
    return missing("role") | equals("role", role) if role == MEMBER else equals("role", role)


def still_authorised(ctx: Context) -> ConditionCheck:
    """The caller's own role may be remembered from before it was taken away; two must not take each other's."""
    return ConditionCheck(AccessPattern.GET_USER.key(user_id=ctx.caller.user_id), is_let_in_as(ctx.caller.role))


def is_let_in_as(role: str) -> Condition:
    """Of a user's item."""
    return has_role(role) & (missing("status") | equals("status", UserStatus.ACTIVE))


def check_covered(ctx: Context, role: RoleEntity) -> None:
    """Raises Unauthorized where the role holds more than the caller's."""
    if beyond := _beyond(ctx, role.permissions):
        raise Unauthorized(f"The role {role.role} holds what your own does not: {', '.join(beyond)}.")


def check_permissions(wanted: Collection[str]) -> list[str]:
    """Each is a permission of this version, once."""
    known = (*Permission, EVERY_PERMISSION)
    if unknown := sorted(set(wanted) - set(known)):
        shown = ", ".join(text[:80].encode(errors="replace").decode() for text in unknown)
        raise BadRequest(f"permissions are any of {', '.join(known)}; not {shown}.")
    return list(dict.fromkeys(wanted))


def _beyond(ctx: Context, permissions: Collection[str]) -> list[str]:
    """* counts as more than every permission that there is now."""
    own = ctx.policies.roles.get(ctx.caller.role)
    if own and EVERY_PERMISSION in own.permissions:
        return []
    return sorted(set(permissions) - ctx.caller.permissions)
