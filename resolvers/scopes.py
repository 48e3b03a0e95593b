"""What an API key may be used for: everywhere, or in some namespaces only."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from datastore.errors import BadRequest, LimitExceeded
from datastore.key_templates import PARTS
from resolvers.context import Identity

MOST_SCOPES = 50


class Scope(StrEnum):
    """`power`, or `power:namespace` for that namespace alone; a key has 1 to 50 of them, in any mixture.

    read: queries. write: mutations. admin: API keys, sharing, and what the role of its owner permits; it takes read or
    write as well, and has no form for one namespace. `read:shop` opens what `read` does, of the namespace shop: fields
    that name it, and its place in lists of namespaces. Fields that are about no namespace take the scope itself.
    """

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


ALL_SCOPES = tuple(Scope)
DEFAULT_SCOPES = (Scope.READ, Scope.WRITE)
FORMS = (*Scope, f"{Scope.READ}:NAMESPACE", f"{Scope.WRITE}:NAMESPACE")


def in_namespace(power: Scope, namespace: str) -> str:
    """The scope that opens this namespace alone."""
    return f"{power}:{namespace}"


def opens(scopes: Collection[str], power: Scope, namespace: str) -> bool:
    """Whether any of the scopes opens the namespace: the one for all, or the one for it alone."""
    return power in scopes or in_namespace(power, namespace) in scopes


def namespaces_opened(scopes: Collection[str], power: Scope) -> tuple[str, ...] | None:
    """None for all: those that the scopes name, in order."""
    if power in scopes:
        return None
    start = in_namespace(power, "")
    return tuple(sorted(scope.removeprefix(start) for scope in scopes if scope.startswith(start)))


def check_scopes(wanted: Sequence[str], owner: Identity) -> tuple[str, ...]:
    """Each is a scope, and opens nothing that is closed to the key which asks: no key makes a stronger one."""
    if len(wanted) > MOST_SCOPES:
        raise LimitExceeded(f"A key has 1 to {MOST_SCOPES} scopes; {len(wanted)} were given.")
    unknown = sorted(text for text in set(wanted) if not is_scope(text))
    if unknown or not wanted:
        raise BadRequest(f"scopes are one or more of {', '.join(FORMS)}; not {_shown(unknown) or 'none'}.")
    beyond = sorted(scope for scope in set(wanted) if not _is_covered(scope, owner.scopes))
    if beyond:
        raise BadRequest(f"A key can't give scopes that it does not have itself: {_shown(beyond)}.")
    return tuple(dict.fromkeys(wanted))


def is_scope(text: str) -> bool:
    power, colon, namespace = text.partition(":")
    if not colon:
        return power in ALL_SCOPES
    return power in (Scope.READ, Scope.WRITE) and PARTS["namespace"].fullmatch(namespace) is not None


def _is_covered(scope: str, scopes: Collection[str]) -> bool:
    return scope in scopes or scope.partition(":")[0] in scopes


def _shown(texts: Sequence[str]) -> str:
    return ", ".join(text[:80].encode(errors="replace").decode() for text in texts)
