"""Step: the session that is to end, of whomever it is, for those who may end others' too."""

from datastore.access_patterns import AccessPattern
from datastore.entities.session import SessionEntity
from datastore.operations import Page, Query
from resolvers.context import Context
from resolvers.permissions import Permission


def request(ctx: Context) -> Query:
    if ctx.stash["session"] or Permission.USERS_WRITE not in ctx.caller.permissions:
        ctx.early_return()
    return Query(AccessPattern.LOOK_UP_SESSION.range(digest=ctx.arguments["session_id"]), limit=1)


def response(ctx: Context, result: Page) -> None:
    ctx.stash["session"] = SessionEntity.from_item(result.items[0]) if result.items else None
