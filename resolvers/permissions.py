"""What a role may do beyond what is its holder's own."""

from enum import StrEnum
from functools import lru_cache

from datastore.entities.role import EVERY_PERMISSION
from datastore.policies import Policies


class Permission(StrEnum):
    """`noun:verb`, in the order of the nouns: what is acted on, always everybody's, and `read` or `write`.

    write does not include read. A role may also hold *, which is every permission there is, now and later; the
    built-in role admin does, member holds none. A word that is none of these is another version's, and opens nothing.
    """

    AUDIT_READ = "audit:read"
    CONFIG_WRITE = "config:write"
    ROLES_WRITE = "roles:write"
    TIERS_WRITE = "tiers:write"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"


@lru_cache(maxsize=256)
def permissions_of(policies: Policies, role: str) -> frozenset[Permission]:
    """A role that does not exist may do nothing."""
    entity = policies.roles.get(role)
    if entity is None:
        return frozenset()
    if EVERY_PERMISSION in entity.permissions:
        return frozenset(Permission)
    return frozenset(Permission).intersection(entity.permissions)
