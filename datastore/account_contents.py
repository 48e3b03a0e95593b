"""Everything that stands in the tables because of one user, kind by kind, in the order in which it goes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.entities.namespace import GrantEntity
from datastore.expressions import Condition, differs, exists
from datastore.key_templates import last_part
from datastore.operations import Item


@dataclass(frozen=True)
class Content:
    """`only` filters what is listed; `keys` tells what goes with one listed item, at most `each` of it."""

    listed_by: AccessPattern
    only: Condition | None = None
    keys: Callable[[Item], Sequence[PrimaryKey]] | None = None
    each: int = 1

    def keys_of(self, item: Item) -> Sequence[PrimaryKey]:
        if self.keys:
            return self.keys(item)
        return (PrimaryKey(item["PK"], item["SK"], self.listed_by.table),)


def _membership(item: Item) -> Sequence[PrimaryKey]:
    """A grant in another's namespace, and the namespace's own entry of it."""
    grant = GrantEntity.from_item(item).grant()
    return (PrimaryKey(item["PK"], item["SK"]), AccessPattern.GET_MEMBER.key(grant, user_id=grant.user_id))


def _link(item: Item) -> Sequence[PrimaryKey]:
    """Both ends of a link to a subject of the OpenID Connect issuer."""
    digest = last_part(AccessPattern.GET_LINK.sort, item["SK"])
    return (PrimaryKey(item["PK"], item["SK"]), AccessPattern.GET_SUBJECT.key(digest=digest))


_NEITHER_USER_NOR_GRANT = differs("entityType", "USER") & differs("entityType", "NAMESPACE")

# What lets somebody in, or is in others' hands, goes first.
CONTENTS = (
    Content(AccessPattern.LIST_OWN_SESSIONS),
    Content(AccessPattern.LIST_API_KEYS),
    Content(AccessPattern.LIST_NAMESPACES, exists("ownerId"), _membership, each=2),
)
# The user's own namespaces go by their own job, which counts them among his quota. Then the rest, the user last of all.
LAST_CONTENTS = (
    Content(AccessPattern.LIST_QUOTA_EVENTS),
    Content(AccessPattern.LIST_QUOTA_ITEMS),
    Content(AccessPattern.LIST_LINKS, keys=_link, each=2),
    Content(AccessPattern.LIST_ACCOUNT, _NEITHER_USER_NOR_GRANT),
)
