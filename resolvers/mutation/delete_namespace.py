"""Mutation.deleteNamespace: marks it DELETING and answers at once; datastore.namespace_deletion does the rest."""

from dataclasses import replace

from datastore.access_patterns import AccessPattern
from datastore.errors import TransactionCancelled
from datastore.expressions import Update, equals, exists
from datastore.grants import NamespaceStatus
from datastore.operations import TransactWriteItems, UpdateItem
from resolvers.context import Context
from resolvers.functions import read_namespace
from resolvers.namespaces import NamespaceView

STEPS = (read_namespace,)


def request(ctx: Context, namespace: str) -> TransactWriteItems:
    """Namespace and grant change together: from then on neither lets a write through."""
    current: NamespaceView | None = ctx.prev
    if current is None or current.entity.status == "DELETING":
        ctx.early_return(current, skip_to="END")
    index = AccessPattern.LIST_GOING.entry(status="DELETING", user_id=current.entity.owner_id, namespace=namespace)
    changes = {"status": "DELETING", "updatedAt": ctx.timestamp}
    ctx.stash["namespace"] = current
    mark = Update(changes | index | {"deletingSince": ctx.now_seconds})
    grant_key = AccessPattern.GET_GRANT.key(user_id=ctx.caller.user_id, namespace=namespace)
    return TransactWriteItems(
        (
            UpdateItem(AccessPattern.GET_NAMESPACE.key(ctx.grant), mark, equals("status", "ACTIVE")),
            UpdateItem(grant_key, Update(changes), exists("PK")),
        )
    )


def response(ctx: Context, result: None) -> NamespaceView | None:
    current: NamespaceView = ctx.stash["namespace"]
    return replace(current, entity=current.entity.model_copy(update={"status": NamespaceStatus.DELETING}))


def failure(ctx: Context, error: TransactionCancelled) -> NamespaceView | None:
    """Somebody else deletes it at this moment: answer by what is there then."""
    if any(reason.failed_condition for reason in error.reasons):
        ctx.again()
    raise error
