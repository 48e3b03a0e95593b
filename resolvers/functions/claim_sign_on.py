"""Step: this request alone may finish the sign-on, if it is under way and the caller holds all that belongs to it."""

from datastore.access_patterns import AccessPattern
from datastore.entities.sign_on import SignOnEntity, digest_state
from datastore.errors import ConditionFailed
from datastore.expressions import Condition, Update, equals, exists, greater, missing
from datastore.operations import Item, UpdateItem
from resolvers.context import Context
from resolvers.sign_on import challenge_of, check_verifier, refuse


def request(ctx: Context) -> UpdateItem:
    """Claimed before it is consumed: a repeated claim is known by its writeId, a repeated delete by nothing."""
    if "sign_on" in ctx.stash:
        ctx.early_return()
    verifier = ctx.arguments["verifier"]
    check_verifier(verifier)
    key = AccessPattern.GET_SIGN_ON.key(digest=digest_state(ctx.arguments["state"]))
    under_way = exists("PK") & greater("expiresAt", ctx.now_seconds)
    ours = missing("claimedBy") | equals("claimedBy", ctx.write_id)
    bound = missing("challenge") if verifier is None else equals("challenge", challenge_of(verifier))
    return UpdateItem(key, Update({"claimedBy": ctx.write_id}), under_way & ours & bound & _whose(ctx))


def response(ctx: Context, result: Item | None) -> None:
    ctx.stash["sign_on"] = SignOnEntity.from_item(result or {})


def failure(ctx: Context, error: ConditionFailed) -> None:
    refuse()


def _whose(ctx: Context) -> Condition:
    """One that links an account is finished by its user."""
    anybodys = missing("userId")
    return anybodys | equals("userId", ctx.identity.user_id) if ctx.identity else anybodys
