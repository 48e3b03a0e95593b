"""Step: a namespace, the caller's own grant in it as it stands, and the user whose membership is to change."""

from datastore.access_patterns import AccessPattern
from datastore.entities.namespace import GrantEntity, MemberEntity, NamespaceEntity
from datastore.entities.user import UserEntity
from datastore.errors import NamespaceDeleting, NotFound
from datastore.grants import NamespaceRole
from datastore.operations import BatchGetItem, Item
from resolvers.context import Context
from resolvers.membership import Membership


def request(ctx: Context) -> BatchGetItem:
    """The user is the one that the last step found, or that the arguments name."""
    name = ctx.grant.namespace
    user_id = ctx.stash["user_id"] = ctx.prev or ctx.arguments["user_id"]
    keys = (
        AccessPattern.GET_NAMESPACE.key(ctx.grant),
        AccessPattern.GET_GRANT.key(user_id=ctx.caller.user_id, namespace=name),
        AccessPattern.GET_USER.key(user_id=user_id),
        AccessPattern.GET_GRANT.key(user_id=user_id, namespace=name),
        AccessPattern.GET_MEMBER.key(ctx.grant, user_id=user_id),
    )
    return BatchGetItem(keys, consistent=True)


def response(ctx: Context, result: tuple[Item | None, ...]) -> Membership:
    """What authorised the call may be remembered: here it is held against what is so now."""
    namespace, own, user, grant, member = result
    if namespace is None or own is None:
        raise NotFound(f"There is no namespace {ctx.grant.namespace!r}, or it is not yours to use.")
    found = NamespaceEntity.from_item(namespace)
    if found.status == "DELETING":
        raise NamespaceDeleting(f"The namespace {ctx.grant.namespace!r} is being deleted.")
    himself = ctx.stash["user_id"] == ctx.caller.user_id
    if not (himself or GrantEntity.from_item(own).role is NamespaceRole.OWNER):
        ctx.unauthorized()
    return Membership(
        found,
        UserEntity.from_item(user) if user else None,
        GrantEntity.from_item(grant) if grant else None,
        MemberEntity.from_item(member) if member else None,
    )
