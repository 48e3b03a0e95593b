"""The claim on an email: the item by which no two users have one address, in whatever spelling."""

from datastore.access_patterns import AccessPattern
from datastore.entities.user import fold_email
from datastore.errors import AlreadyExists
from datastore.expressions import equals, missing
from datastore.operations import DeleteItem, PutItem
from resolvers.context import Context


def claim_email(ctx: Context, email: str, *, user_id: str) -> PutItem:
    item = {
        **AccessPattern.CLAIM_EMAIL.key(email=fold_email(email)).attributes(),
        "entityType": "EMAIL",
        "userId": user_id,
        "createdAt": ctx.timestamp,
        "updatedAt": ctx.timestamp,
    }
    return PutItem(item, missing("PK"))


def release_email(email: str, *, user_id: str) -> DeleteItem:
    return DeleteItem(AccessPattern.CLAIM_EMAIL.key(email=fold_email(email)), equals("userId", user_id))


def email_taken() -> AlreadyExists:
    return AlreadyExists("Somebody has signed up with this email already.")
