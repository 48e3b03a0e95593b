"""What an API key may be used for."""

from collections.abc import Sequence
from enum import StrEnum

from datastore.errors import BadRequest
from resolvers.context import Identity


class Scope(StrEnum):
    """One word, what it opens; a key has any of them.

    read: queries. write: mutations. admin: API keys, and what administrators may do if their owner is one.
    """

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


ALL_SCOPES = tuple(Scope)
DEFAULT_SCOPES = (Scope.READ, Scope.WRITE)


def check_scopes(wanted: Sequence[str], owner: Identity) -> tuple[str, ...]:
    """Each is a scope, and one that the key which asks has itself: no key makes a stronger one."""
    unknown = sorted(set(wanted) - set(ALL_SCOPES))
    if unknown or not wanted:
        raise BadRequest(f"scopes are one or more of {', '.join(ALL_SCOPES)}; not {', '.join(unknown) or 'none'}.")
    beyond = sorted(set(wanted) - owner.scopes)
    if beyond:
        raise BadRequest(f"A key can't give scopes that it does not have itself: {', '.join(beyond)}.")
    return tuple(dict.fromkeys(wanted))
