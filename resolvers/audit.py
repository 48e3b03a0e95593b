"""What is kept of changes to accounts: an event for each change of a credential, a role, a plan or a share."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from datastore.entities.audit_event import AuditEventEntity
from datastore.operations import PutItem
from resolvers.context import Context


class AuditAction(StrEnum):
    """`noun.verb`, in the order of the nouns: what was changed, and what was done to it, in the past tense."""

    ACCOUNT_CREATED = "account.created"
    API_KEY_CREATED = "apiKey.created"
    API_KEY_REVOKED = "apiKey.revoked"
    CONFIG_CHANGED = "config.changed"
    EMAIL_CHANGED = "email.changed"
    LOGIN_LIMITED = "login.limited"
    NAMESPACE_SHARED = "namespace.shared"
    NAMESPACE_UNSHARED = "namespace.unshared"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - names an event
    PLAN_CHANGED = "plan.changed"
    ROLE_CHANGED = "role.changed"
    SESSION_ENDED = "session.ended"
    SESSION_REVOKED = "session.revoked"
    SESSION_STARTED = "session.started"
    SIGN_ON_LINKED = "signOn.linked"
    STATUS_CHANGED = "status.changed"
    TIER_CHANGED = "tier.changed"
    USER_ROLE_CHANGED = "userRole.changed"


def audit(
    ctx: Context,
    action: AuditAction,
    *,
    user_id: str,
    target: str | None = None,
    detail: Mapping[str, Any] | None = None,
    actor_id: str | None = None,
) -> PutItem:
    """Goes into the transaction of the change, so that there is never the one without the other.

    `user_id`: in whose account it happened; the caller is who did it, unless `actor_id` says who.
    `detail` never holds a secret.
    """
    if actor_id is None and ctx.identity:
        actor_id = ctx.identity.user_id
    event = AuditEventEntity.new(
        ctx.auto_ulid(), ctx.timestamp, user_id=user_id, action=action, actor_id=actor_id, target=target, detail=detail
    )
    return PutItem(event.to_item())
