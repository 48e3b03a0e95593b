"""What users are told in their inboxes."""

from enum import StrEnum

from datastore.entities.message import MessageEntity
from datastore.operations import PutItem
from resolvers.context import Context


class MessageKind(StrEnum):
    """`noun.verb`, in the order of the nouns: what the message is about, for programs; the rest is for people."""

    NAMESPACE_LEFT = "namespace.left"
    NAMESPACE_SHARED = "namespace.shared"
    NAMESPACE_UNSHARED = "namespace.unshared"
    PLAN_CHANGED = "plan.changed"
    QUOTA_REACHED = "quota.reached"
    SIGN_ON_LINKED = "signOn.linked"
    STATUS_CHANGED = "status.changed"


def message(ctx: Context, kind: MessageKind, *, user_id: str, subject: str, body: str) -> PutItem:
    """Goes into the transaction of the change that it tells of: nobody is told of what did not happen."""
    entity = MessageEntity.new(ctx.auto_ulid(), ctx.timestamp, user_id=user_id, kind=kind, subject=subject, body=body)
    return PutItem(entity.to_item())
