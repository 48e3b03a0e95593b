"""Step: where the OpenID Connect issuer lets people sign on."""

from datastore.oidc.values import SignOn
from datastore.operations import BeginSignOn
from resolvers.context import Context


def request(ctx: Context) -> BeginSignOn:
    return BeginSignOn()


def response(ctx: Context, result: SignOn) -> SignOn:
    return result
