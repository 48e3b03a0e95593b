"""Query.roles: every role, the built-in ones among them, by name."""

from collections.abc import Sequence

from datastore.entities.role import RoleEntity
from datastore.operations import Nothing
from resolvers.context import Context


def request(ctx: Context) -> Nothing:
    """They are in the policies that every request is given."""
    return Nothing()


def response(ctx: Context, result: None) -> Sequence[RoleEntity]:
    return [role for _, role in sorted(ctx.policies.roles.items())]
