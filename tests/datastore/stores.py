"""What the tests of the datastore have in common: a store on any client, a namespace, and items for it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.client import Client
from datastore.grants import Grant, NamespaceRole
from datastore.identity_cache import IdentityCache
from datastore.passwords import PasswordHasher
from datastore.store import Store

MOMENT = "2026-01-01T00:00:00.000Z"
GRANT = Grant("alice", "fruit", NamespaceRole.OWNER)


@contextmanager
def make_store(
    client: Client,
    names: Mapping[str, str] | None = None,
    *,
    seconds: float = 0,
    clock: Callable[[], float] = lambda: 0.0,
) -> Iterator[Store]:
    """`seconds`: how long the identity cache remembers. The client is not closed."""
    passwords = PasswordHasher(memory_kib=8, passes=1)
    yield Store(client, IdentityCache(seconds, clock=clock), passwords, names=names or {})
    passwords.close()


def key_of(name: str, grant: Grant = GRANT) -> PrimaryKey:
    return AccessPattern.GET_KEY.key(grant, key=name)


def item_of(name: str, grant: Grant = GRANT, **attributes: Any) -> dict[str, Any]:
    """A key's item as putKey writes it."""
    return {
        **key_of(name, grant).attributes(),
        **AccessPattern.LIST_KEYS.entry(grant, key=name),
        "entityType": "KEY",
        "createdAt": MOMENT,
        "updatedAt": MOMENT,
        "version": 1,
        **attributes,
    }
