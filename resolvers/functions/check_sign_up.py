"""Step: refuse whoever signs up while that is closed, before anything is worked out for him."""

from datastore.errors import SignUpClosed
from datastore.operations import Nothing
from resolvers.context import Context


def request(ctx: Context) -> Nothing:
    if not ctx.policies.config.sign_up_open:
        raise SignUpClosed("Nobody can sign up at the moment: an administrator has closed it.")
    return Nothing()


def response(ctx: Context, result: None) -> None:
    return result
