"""Step: the account that is signed in to; none for somebody new."""

from datastore.access_patterns import AccessPattern
from datastore.entities.sign_on import SignOnEntity
from datastore.entities.subject import SubjectEntity
from datastore.entities.user import UserEntity
from datastore.errors import AlreadyExists, SignInRefused
from datastore.oidc.values import Subject
from datastore.operations import GetItem, Item
from resolvers.context import Context


def request(ctx: Context) -> GetItem:
    user_id = _user_id(ctx)
    if user_id is None:
        ctx.stash["user"] = None
        ctx.early_return()
    return GetItem(AccessPattern.GET_USER.key(user_id=user_id), consistent=True)


def response(ctx: Context, result: Item | None) -> None:
    if result is None:
        raise SignInRefused("This account is being deleted.")
    ctx.stash["user"] = UserEntity.from_item(result)


def _user_id(ctx: Context) -> str | None:
    """By the subject's link; else the one that it is to be linked to; else by email, if the operator says so."""
    link: SubjectEntity | None = ctx.stash["link"]
    sign_on: SignOnEntity = ctx.stash["sign_on"]
    subject: Subject = ctx.stash["subject"]
    if link is not None and sign_on.user_id not in (None, link.user_id):
        raise AlreadyExists("Another account is signed in to in this way already.")
    if link is not None:
        return link.user_id
    claimed_by: str | None = ctx.stash["claimed_by"]
    if sign_on.user_id is None and claimed_by is not None and not subject.email_links:
        raise AlreadyExists(
            "There is an account with this email already. Sign in to it, and connect the two with"
            " startOidcLogin(link: true)."
        )
    return sign_on.user_id or claimed_by
