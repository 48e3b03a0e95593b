"""A user in a namespace: his grant, which opens it to him, and its list of members, which change together."""

from collections.abc import Iterable
from dataclasses import dataclass

from datastore.access_patterns import AccessPattern
from datastore.entities.namespace import GrantEntity, MemberEntity, NamespaceEntity
from datastore.entities.user import UserEntity
from datastore.expressions import Condition, differs, equals, exists, missing
from datastore.grants import NamespaceRole
from datastore.operations import ConditionCheck, PutItem
from resolvers.audit import AuditAction, audit
from resolvers.context import Context


@dataclass(frozen=True)
class Membership:
    """As it was read. Another program may have left one of grant and member without the other."""

    namespace: NamespaceEntity
    user: UserEntity | None
    grant: GrantEntity | None
    member: MemberEntity | None

    @property
    def role(self) -> NamespaceRole | None:
        """None unless both say the same."""
        both = self.grant is not None and self.member is not None and self.grant.role is self.member.role
        return self.grant.role if self.grant and both else None


def as_read(entity: GrantEntity | MemberEntity | None) -> Condition:
    """Nobody has changed it since."""
    if entity is None:
        return missing("PK")
    return equals("updatedAt", entity.updated_at) & equals("role", entity.role)


def still_in_use(ctx: Context) -> ConditionCheck:
    """A namespace being deleted gets no more members: the deletion has seen all that there are."""
    return ConditionCheck(AccessPattern.GET_NAMESPACE.key(ctx.grant), equals("status", "ACTIVE"))


def still_owner(ctx: Context) -> ConditionCheck:
    """The grant that authorised this may be remembered from before it was taken away."""
    key = AccessPattern.GET_GRANT.key(user_id=ctx.caller.user_id, namespace=ctx.grant.namespace)
    return ConditionCheck(key, equals("role", NamespaceRole.OWNER))


def still_there(user: UserEntity) -> ConditionCheck:
    return ConditionCheck(user.key, exists("PK") & differs("status", "DELETING"))


def with_role(ctx: Context, membership: Membership, user: UserEntity, role: NamespaceRole) -> Membership:
    """The membership as it will stand; since when it is one stays."""
    grant, member = membership.grant, membership.member
    common = {"userId": user.user_id, "role": role, "updatedAt": ctx.timestamp}
    new_grant = GrantEntity.from_item(
        AccessPattern.GET_GRANT.key(user_id=user.user_id, namespace=ctx.grant.namespace).attributes()
        | {"entityType": "NAMESPACE", "namespace": ctx.grant.namespace, "status": "ACTIVE", **common}
        | {"ownerId": membership.namespace.owner_id, "createdAt": grant.created_at if grant else ctx.timestamp}
    )
    new_member = MemberEntity.from_item(
        AccessPattern.GET_MEMBER.key(ctx.grant, user_id=user.user_id).attributes()
        | {"entityType": "MEMBER", "createdAt": member.created_at if member else ctx.timestamp, **common}
        | ({"email": user.email} if user.email else {})
    )
    return Membership(membership.namespace, user, new_grant, new_member)


def record(ctx: Context, action: AuditAction, user_ids: Iterable[str], subject_id: str, **detail: str) -> list[PutItem]:
    """In the audit of each of these users, once."""
    target = ctx.grant.namespace
    told = {"userId": subject_id, **detail}
    return [audit(ctx, action, user_id=each, target=target, detail=told) for each in dict.fromkeys(user_ids)]
