"""Step: whose account the email among the arguments is."""

from datastore.access_patterns import AccessPattern
from datastore.entities.user import fold_email
from datastore.errors import BadRequest, NotFound
from datastore.operations import GetItem, Item
from resolvers.context import Context

UNKNOWN = "There is nobody with this email to share with."


def request(ctx: Context) -> GetItem:
    return GetItem(AccessPattern.CLAIM_EMAIL.key(email=fold_email(ctx.arguments["email"])), consistent=True)


def response(ctx: Context, result: Item | None) -> str:
    """Leaves the user's id for the next step."""
    if result is None:
        raise NotFound(UNKNOWN)
    if result["userId"] == ctx.caller.user_id:
        raise BadRequest("A namespace can't be shared with oneself.")
    user_id: str = result["userId"]
    return user_id
