"""Step: who has signed on, by the code that the issuer gave; it is given back once."""

from datastore.entities.sign_on import SignOnEntity
from datastore.oidc.values import Subject
from datastore.operations import ExchangeCode
from datastore.surrogates import refuse_surrogates
from resolvers.context import Context


def request(ctx: Context) -> ExchangeCode:
    if "subject" in ctx.stash:
        ctx.early_return()
    code = ctx.arguments["code"]
    refuse_surrogates("code", code)
    sign_on: SignOnEntity = ctx.stash["sign_on"]
    return ExchangeCode(code, sign_on.redirect_uri, sign_on.verifier, sign_on.nonce)


def response(ctx: Context, result: Subject) -> None:
    ctx.stash["subject"] = result
