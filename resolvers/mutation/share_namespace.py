"""Mutation.shareNamespace: make somebody a member, or change what a member may do; he finds a message."""

from datastore.entities.namespace import MemberEntity
from datastore.entities.user import UserStatus
from datastore.errors import BadRequest, NotFound, TransactionCancelled
from datastore.grants import NamespaceRole
from datastore.operations import PutItem, TransactWriteItems
from resolvers.audit import AuditAction
from resolvers.context import Context
from resolvers.functions import find_invited, read_membership
from resolvers.membership import Membership, as_read, record, still_in_use, still_owner, still_there, with_role
from resolvers.messages import MessageKind, message

STEPS = (find_invited, read_membership)


def request(ctx: Context, namespace: str, email: str, role: NamespaceRole) -> TransactWriteItems:
    """Grant, member, message and audit together. What is so already is not written, and not told, again."""
    before: Membership = ctx.prev
    user = before.user
    if user is None or user.status is UserStatus.DELETING:
        raise NotFound(find_invited.UNKNOWN)
    if user.user_id == before.namespace.owner_id:
        raise BadRequest("Whoever made a namespace stays its OWNER.")
    if before.role is role:
        ctx.early_return(before.member, skip_to="END")
    after = with_role(ctx, before, user, role)
    assert after.grant is not None and after.member is not None  # noqa: S101, PT018
    ctx.stash["member"] = after.member
    told = message(
        ctx,
        MessageKind.NAMESPACE_SHARED,
        user_id=user.user_id,
        subject=f"The namespace {namespace} is shared with you",
        body=f"You are {role} of it now. To leave it, call unshareNamespace with your own user id.",
    )
    audits = record(
        ctx, AuditAction.NAMESPACE_SHARED, (before.namespace.owner_id, user.user_id), user.user_id, role=role
    )
    checks = (still_in_use(ctx), still_owner(ctx), still_there(user))
    puts = (
        PutItem(after.grant.to_item(), as_read(before.grant)),
        PutItem(after.member.to_item(), as_read(before.member)),
    )
    return TransactWriteItems((*checks, *puts, told, *audits))


def response(ctx: Context, result: None) -> MemberEntity:
    member: MemberEntity = ctx.stash["member"]
    return member


def failure(ctx: Context, error: TransactionCancelled) -> MemberEntity:
    """Somebody shares, unshares or deletes at this moment: answer by what is there then."""
    if any(reason.failed_condition for reason in error.reasons):
        ctx.again()
    raise error
