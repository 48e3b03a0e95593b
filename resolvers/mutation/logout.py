"""Mutation.logout: ends the session that asks; false for a caller who has come with none."""

from datastore.errors import TransactionCancelled
from datastore.expressions import exists
from datastore.operations import DeleteItem, TransactWriteItems
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.sessions import clear_cookie, own_session


def request(ctx: Context) -> TransactWriteItems:
    session = own_session(ctx)
    if session is None:
        ctx.early_return(False, skip_to="END")
    clear_cookie(ctx)
    event = audit(ctx, AuditAction.SESSION_ENDED, user_id=ctx.caller.user_id, target=ctx.caller.session_id)
    return TransactWriteItems((DeleteItem(session, exists("PK")), event))


def response(ctx: Context, result: None) -> bool:
    return True


def failure(ctx: Context, error: TransactionCancelled) -> bool:
    """It has been ended elsewhere meanwhile."""
    if error.reasons[0].failed_condition:
        return False
    raise error
