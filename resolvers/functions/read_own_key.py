"""Step: the API key that is to go, and the user whose first key it may be."""

import re

from datastore.access_patterns import AccessPattern
from datastore.key_templates import PARTS
from datastore.operations import BatchGetItem, Item
from resolvers.context import Context


def request(ctx: Context) -> BatchGetItem:
    digest = ctx.arguments["api_key_id"]
    if not re.fullmatch(PARTS["digest"], digest):
        ctx.early_return(False, skip_to="END")
    keys = (AccessPattern.GET_API_KEY.key(digest=digest), AccessPattern.GET_USER.key(user_id=ctx.caller.user_id))
    return BatchGetItem(keys, consistent=True)


def response(ctx: Context, result: tuple[Item | None, ...]) -> None:
    """Somebody else's key is answered like one that does not exist."""
    key, user = result
    ctx.stash["key"] = key if key and key["userId"] == ctx.caller.user_id else None
    ctx.stash["user"] = user
