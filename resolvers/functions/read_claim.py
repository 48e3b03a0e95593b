"""Step: who has claimed the email among the arguments; the next step reads him, or a user that nobody is."""

from datastore.access_patterns import AccessPattern
from datastore.entities.user import fold_email
from datastore.operations import GetItem, Item
from resolvers.context import Context

NOBODY = "nobody"  # ids of users are UUIDs


def request(ctx: Context) -> GetItem:
    return GetItem(AccessPattern.CLAIM_EMAIL.key(email=fold_email(ctx.arguments["email"])), consistent=True)


def response(ctx: Context, result: Item | None) -> None:
    """An email that nobody has takes the same steps as any other."""
    ctx.stash["user_id"] = result["userId"] if result else NOBODY
