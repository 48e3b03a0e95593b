"""Step: take the claimed sign-on away, so that it is never finished again."""

from datastore.entities.sign_on import SignOnEntity
from datastore.errors import ConditionFailed
from datastore.expressions import equals, exists, greater
from datastore.operations import DeleteItem, Item
from resolvers.context import Context
from resolvers.sign_on import refuse


def request(ctx: Context) -> DeleteItem:
    if "consumed" in ctx.stash:
        ctx.early_return()
    sign_on: SignOnEntity = ctx.stash["sign_on"]
    under_way = exists("PK") & greater("expiresAt", ctx.now_seconds)
    return DeleteItem(sign_on.key, under_way & equals("claimedBy", ctx.write_id))


def response(ctx: Context, result: Item | None) -> None:
    ctx.stash["consumed"] = True


def failure(ctx: Context, error: ConditionFailed) -> None:
    """Nobody but us takes away what we have claimed: if it has gone, we did it, and only the answer was lost."""
    if error.item is not None:
        refuse()
    ctx.stash["consumed"] = True
