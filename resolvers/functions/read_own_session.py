"""Step: the session that is to end, if it is one of the caller's."""

import re

from datastore.access_patterns import AccessPattern
from datastore.entities.session import SessionEntity
from datastore.key_templates import PARTS
from datastore.operations import GetItem, Item
from resolvers.context import Context


def request(ctx: Context) -> GetItem:
    digest = ctx.arguments["session_id"]
    if not re.fullmatch(PARTS["digest"], digest):
        ctx.early_return(False, skip_to="END")
    return GetItem(AccessPattern.GET_SESSION.key(user_id=ctx.caller.user_id, digest=digest), consistent=True)


def response(ctx: Context, result: Item | None) -> None:
    ctx.stash["session"] = SessionEntity.from_item(result) if result else None
