"""Mutation.deleteNamespace: marks it DELETING and answers at once; datastore.namespace_deletion does the rest."""

from dataclasses import replace

from datastore.deletion_marks import mark_namespace
from datastore.errors import TransactionCancelled
from datastore.grants import NamespaceStatus
from datastore.operations import TransactWriteItems
from resolvers.context import Context
from resolvers.functions import list_members, read_namespace
from resolvers.namespace_count import one_less
from resolvers.namespaces import NamespaceView

STEPS = (list_members, read_namespace)


def request(ctx: Context, namespace: str) -> TransactWriteItems:
    """Members beyond the first page, and one who joins at this moment, are left to the job."""
    current: NamespaceView | None = ctx.prev
    if current is None or current.entity.status == "DELETING":
        ctx.early_return(current, skip_to="END")
    ctx.stash["namespace"] = current
    owner_id = current.entity.owner_id
    marks = mark_namespace(
        ctx.grant,
        owner_id=owner_id,
        now=ctx.now_seconds,
        timestamp=ctx.timestamp,
        members=ctx.stash["members"],
    )
    return TransactWriteItems((*marks, one_less(ctx, owner_id)))


def response(ctx: Context, result: None) -> NamespaceView | None:
    current: NamespaceView = ctx.stash["namespace"]
    return replace(current, entity=current.entity.model_copy(update={"status": NamespaceStatus.DELETING}))


def failure(ctx: Context, error: TransactionCancelled) -> NamespaceView | None:
    """Somebody else deletes it, or its members change, at this moment: answer by what is there then.

    The caller's grant may be remembered from before he lost it; then he is told so.
    """
    namespace, own, *_ = error.reasons
    if own.failed_condition and not namespace.failed_condition:
        ctx.unauthorized()
    if any(reason.failed_condition for reason in error.reasons):
        ctx.again()
    raise error
