"""The right to act in a namespace. Whoever holds a Grant may build keys under NS#; nobody else can.

Grants are made in four places only: the authorising step (from the grant item), the reading ahead of it (for what is
given to nobody unless the authorising step finds the same), the founding of a namespace (the
transaction itself refuses if it exists), and the jobs that delete and count (from the namespace's own item).
"""

from dataclasses import dataclass
from enum import StrEnum


class NamespaceRole(StrEnum):
    """From least to most: each may do what the ones before it may."""

    VIEWER = "VIEWER"
    EDITOR = "EDITOR"
    OWNER = "OWNER"

    def covers(self, needed: "NamespaceRole") -> bool:
        return _RANKS[self] >= _RANKS[needed]


_RANKS = {role: rank for rank, role in enumerate(NamespaceRole)}


class NamespaceStatus(StrEnum):
    ACTIVE = "ACTIVE"
    DELETING = "DELETING"


@dataclass(frozen=True)
class Grant:
    """What the authorising step found: this user has this role in this namespace.

    `shared_by`: whose namespace it is, where it is not the user's own.
    """

    user_id: str
    namespace: str
    role: NamespaceRole
    status: NamespaceStatus = NamespaceStatus.ACTIVE
    shared_by: str | None = None

    @property
    def owner_id(self) -> str:
        """Whose quota the namespace counts towards."""
        return self.shared_by or self.user_id
