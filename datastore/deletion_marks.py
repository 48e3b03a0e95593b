"""What marks a namespace or an account as going: from then on it is used no more, and its job begins."""

from datastore.access_patterns import AccessPattern
from datastore.entities.user import UserEntity, UserStatus
from datastore.expressions import Condition, Update, equals, exists
from datastore.grants import Grant, NamespaceStatus
from datastore.operations import UpdateItem


def mark_namespace(grant: Grant, *, owner_id: str, now: int, timestamp: str) -> tuple[UpdateItem, UpdateItem]:
    """Namespace and grant change together: from then on neither lets a write through."""
    index = AccessPattern.LIST_GOING.entry(status="DELETING", user_id=owner_id, namespace=grant.namespace)
    changes = {"status": NamespaceStatus.DELETING, "updatedAt": timestamp}
    mark = Update(changes | index | {"deletingSince": now})
    grant_key = AccessPattern.GET_GRANT.key(user_id=grant.user_id, namespace=grant.namespace)
    return (
        UpdateItem(AccessPattern.GET_NAMESPACE.key(grant), mark, equals("status", NamespaceStatus.ACTIVE)),
        UpdateItem(grant_key, Update(changes), exists("PK")),
    )


def mark_account(user: UserEntity, condition: Condition, *, now: int, timestamp: str) -> UpdateItem:
    """Every credential of a user who is not ACTIVE is refused, so that this ends them all at once."""
    index = AccessPattern.LIST_BY_STATUS.entry(status="DELETING", user_id=user.user_id)
    changes = {"status": UserStatus.DELETING, "updatedAt": timestamp, "deletingSince": now}
    return UpdateItem(user.key, Update(changes | index), condition)
