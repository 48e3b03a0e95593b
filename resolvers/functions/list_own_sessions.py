"""Step: the caller's sessions as the table has them, where a new password is to end them."""

from datastore.access_patterns import AccessPattern
from datastore.entities.session import SessionEntity
from datastore.operations import Page, Query
from resolvers.context import Context

MOST = 50  # are deleted with the password's change; of more, the rest ends by its epoch alone


def request(ctx: Context) -> Query:
    ctx.stash["sessions"] = []
    if ctx.stash["password_hash"] is None:
        ctx.early_return()
    range_ = AccessPattern.LIST_OWN_SESSIONS.range(user_id=ctx.caller.user_id)
    return Query(range_, limit=MOST, consistent=True)


def response(ctx: Context, result: Page) -> None:
    ctx.stash["sessions"] = [SessionEntity.from_item(item) for item in result.items]
