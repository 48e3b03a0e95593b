"""Mutation.deleteNamespace: marks it DELETING and answers at once; datastore.namespace_deletion does the rest."""

from dataclasses import replace

from datastore.deletion_marks import mark_namespace
from datastore.errors import TransactionCancelled
from datastore.grants import NamespaceStatus
from datastore.operations import TransactWriteItems
from resolvers.context import Context
from resolvers.functions import read_namespace
from resolvers.namespaces import NamespaceView

STEPS = (read_namespace,)


def request(ctx: Context, namespace: str) -> TransactWriteItems:
    """Namespace and grant change together: from then on neither lets a write through."""
    current: NamespaceView | None = ctx.prev
    if current is None or current.entity.status == "DELETING":
        ctx.early_return(current, skip_to="END")
    ctx.stash["namespace"] = current
    owner_id = current.entity.owner_id
    return TransactWriteItems(
        mark_namespace(ctx.grant, owner_id=owner_id, now=ctx.now_seconds, timestamp=ctx.timestamp)
    )


def response(ctx: Context, result: None) -> NamespaceView | None:
    current: NamespaceView = ctx.stash["namespace"]
    return replace(current, entity=current.entity.model_copy(update={"status": NamespaceStatus.DELETING}))


def failure(ctx: Context, error: TransactionCancelled) -> NamespaceView | None:
    """Somebody else deletes it at this moment: answer by what is there then."""
    if any(reason.failed_condition for reason in error.reasons):
        ctx.again()
    raise error
