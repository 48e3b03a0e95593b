"""What marks a namespace or an account as going: from then on it is used no more, and its job begins."""

from collections.abc import Iterable

from datastore.access_patterns import AccessPattern
from datastore.entities.user import UserEntity, UserStatus
from datastore.expressions import Condition, Update, equals, exists
from datastore.grants import Grant, NamespaceRole, NamespaceStatus
from datastore.operations import UpdateItem


def mark_namespace(
    grant: Grant, *, owner_id: str, now: int, timestamp: str, members: Iterable[str] = ()
) -> tuple[UpdateItem, ...]:
    """Namespace and grants change together: from then on none lets a write through.

    The namespace comes first, then the grant of whoever marks it, who must be an OWNER still. Members that are not
    named here are left to the job, which begins with them.
    """
    index = AccessPattern.LIST_GOING.entry(status="DELETING", user_id=owner_id, namespace=grant.namespace)
    changes = {"status": NamespaceStatus.DELETING, "updatedAt": timestamp}
    mark = Update(changes | index | {"deletingSince": now})
    grants = (
        UpdateItem(
            AccessPattern.GET_GRANT.key(user_id=user_id, namespace=grant.namespace),
            Update(changes),
            equals("role", NamespaceRole.OWNER) if user_id == grant.user_id else exists("PK"),
        )
        for user_id in dict.fromkeys((grant.user_id, owner_id, *members))
    )
    key = AccessPattern.GET_NAMESPACE.key(grant)
    return (UpdateItem(key, mark, equals("status", NamespaceStatus.ACTIVE)), *grants)


def mark_account(user: UserEntity, condition: Condition, *, now: int, timestamp: str) -> UpdateItem:
    """Every credential of a user who is not ACTIVE is refused, so that this ends them all at once."""
    index = AccessPattern.LIST_BY_STATUS.entry(status="DELETING", user_id=user.user_id)
    changes = {"status": UserStatus.DELETING, "updatedAt": timestamp, "deletingSince": now}
    return UpdateItem(user.key, Update(changes | index), condition)
