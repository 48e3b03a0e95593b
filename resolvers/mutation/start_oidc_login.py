"""Mutation.startOidcLogin: remembers a single sign-on for ten minutes, and answers where it begins."""

from datastore.errors import BadRequest, ConditionFailed
from datastore.expressions import missing
from datastore.oidc.values import SignOn
from datastore.operations import Item, PutItem
from resolvers.context import Context
from resolvers.functions import begin_sign_on
from resolvers.scopes import Scope
from resolvers.sign_on import address, check_challenge, remember, secret

STEPS = (begin_sign_on,)


def request(ctx: Context, redirect_uri: str, challenge: str | None = None, link: bool | None = None) -> PutItem:
    sign_on: SignOn = ctx.prev
    if redirect_uri not in sign_on.redirect_uris:
        raise BadRequest("redirectUri is not one of those to which this server lets people come back.")
    check_challenge(challenge)
    state = secret(ctx)
    user_id = _linking(ctx) if link else None
    remembered = remember(ctx, state, redirect_uri=redirect_uri, challenge=challenge, user_id=user_id)
    ctx.stash["url"] = address(sign_on, state, remembered)
    return PutItem(remembered.to_item(), missing("PK"), remembered.table)


def response(ctx: Context, result: Item | None) -> str:
    url: str = ctx.stash["url"]
    return url


def failure(ctx: Context, error: ConditionFailed) -> str:
    """Nobody draws the same 256 bits twice: what is there is this one, and only its answer was lost."""
    return response(ctx, None)


def _linking(ctx: Context) -> str:
    """Whose account gains a way in: that takes what a new API key takes."""
    if Scope.ADMIN not in ctx.caller.scopes:
        ctx.unauthorized()
    return ctx.caller.user_id
