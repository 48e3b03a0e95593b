"""Mutation.revokeSession: true if there was such a session of the caller's; it is refused from the next request on."""

from datastore.entities.session import SessionEntity
from datastore.errors import TransactionCancelled
from datastore.expressions import exists
from datastore.operations import DeleteItem, TransactWriteItems
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.functions import look_up_session, read_own_session

STEPS = (read_own_session, look_up_session)


def request(ctx: Context, session_id: str) -> TransactWriteItems:
    """An administrator may end another's."""
    session: SessionEntity | None = ctx.stash["session"]
    if session is None:
        ctx.early_return(False, skip_to="END")
    event = audit(ctx, AuditAction.SESSION_REVOKED, user_id=session.user_id, target=session_id)
    return TransactWriteItems((DeleteItem(session.key, exists("PK")), event))


def response(ctx: Context, result: None) -> bool:
    return True


def failure(ctx: Context, error: TransactionCancelled) -> bool:
    """Somebody else has ended it at this moment."""
    if error.reasons[0].failed_condition:
        return False
    raise error
