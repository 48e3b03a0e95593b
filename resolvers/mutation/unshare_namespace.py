"""Mutation.unshareNamespace: end a membership, another's or one's own; true if there was one."""

from datastore.access_patterns import AccessPattern
from datastore.errors import BadRequest, TransactionCancelled
from datastore.operations import DeleteItem, PutItem, TransactWriteItems
from resolvers.audit import AuditAction
from resolvers.context import Context
from resolvers.functions import check_user_id, read_membership
from resolvers.membership import Membership, as_read, record, still_in_use, still_owner
from resolvers.messages import MessageKind, message

STEPS = (check_user_id, read_membership)


def request(ctx: Context, namespace: str, user_id: str) -> TransactWriteItems:
    """Grant, member, message and audit together."""
    before: Membership = ctx.prev
    if before.grant is None and before.member is None:
        ctx.early_return(False, skip_to="END")
    if user_id == before.namespace.owner_id:
        raise BadRequest("Whoever made a namespace stays its OWNER: delete it, if it is to go.")
    himself = user_id == ctx.caller.user_id
    grant_key = AccessPattern.GET_GRANT.key(user_id=user_id, namespace=namespace)
    member_key = AccessPattern.GET_MEMBER.key(ctx.grant, user_id=user_id)
    ended = (DeleteItem(grant_key, as_read(before.grant)), DeleteItem(member_key, as_read(before.member)))
    checks = (still_in_use(ctx),) if himself else (still_in_use(ctx), still_owner(ctx))
    audits = record(ctx, AuditAction.NAMESPACE_UNSHARED, (before.namespace.owner_id, user_id), user_id)
    return TransactWriteItems((*checks, *ended, _told(ctx, before, himself=himself), *audits))


def response(ctx: Context, result: None) -> bool:
    return True


def failure(ctx: Context, error: TransactionCancelled) -> bool:
    """Somebody shares, unshares or deletes at this moment: answer by what is there then."""
    if any(reason.failed_condition for reason in error.reasons):
        ctx.again()
    raise error


def _told(ctx: Context, before: Membership, *, himself: bool) -> PutItem:
    """Whoever has not done it himself."""
    namespace = ctx.grant.namespace
    if himself:
        who = (before.user and before.user.email) or ctx.caller.user_id
        owner, left = before.namespace.owner_id, f"{who} has left the namespace {namespace}"
        return message(ctx, MessageKind.NAMESPACE_LEFT, user_id=owner, subject=left, body="It is one member fewer.")
    return message(
        ctx,
        MessageKind.NAMESPACE_UNSHARED,
        user_id=ctx.arguments["user_id"],
        subject=f"The namespace {namespace} is no longer shared with you",
        body="Its keys can't be read or written by you any more.",
    )
