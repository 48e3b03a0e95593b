"""Step: refuse, before anything is read for it, what can't be a user's id: it is nobody's."""

import re

from datastore.key_templates import PARTS
from datastore.operations import Nothing
from resolvers.context import Context


def request(ctx: Context) -> Nothing:
    if not re.fullmatch(PARTS["user_id"], ctx.arguments["user_id"]):
        ctx.early_return(False, skip_to="END")
    return Nothing()


def response(ctx: Context, result: None) -> None:
    return result
