"""USER#{user_id} / METADATA: a person, or the local administrator."""

import unicodedata
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, Seconds, Whole, partition_of, sort_of


class Plan(StrEnum):
    FREE = "free"
    PRO = "pro"
    SCALE = "scale"


class UserStatus(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    DELETING = "DELETING"


class UserEntity(Entity):
    """Counters that change with every request are not here: the indexes would copy each change.

    Of sessions only those count that were begun in `session_epoch`: a new password begins another.
    """

    entity_types: ClassVar = ("USER",)

    pk: Annotated[str, partition_of(AccessPattern.GET_USER)]
    sk: Literal["METADATA"]
    gsi1_pk: Annotated[str | None, partition_of(AccessPattern.GET_USER_BY_API_KEY)] = None
    gsi1_sk: Literal["METADATA"] | None = None
    gsi2_pk: Annotated[str | None, partition_of(AccessPattern.LIST_BY_EMAIL_DOMAIN)] = None
    gsi2_sk: Annotated[str | None, sort_of(AccessPattern.LIST_BY_EMAIL_DOMAIN)] = None
    gsi3_pk: Annotated[str | None, partition_of(AccessPattern.LIST_BY_CREATED_AT)] = None
    gsi3_sk: Annotated[str | None, sort_of(AccessPattern.LIST_BY_CREATED_AT)] = None
    gsi4_pk: Annotated[str | None, partition_of(AccessPattern.LIST_BY_STATUS)] = None
    gsi4_sk: Annotated[str | None, sort_of(AccessPattern.LIST_BY_STATUS)] = None
    user_id: str
    email: str | None = None
    password_hash: str | None = None
    api_key: str | None = None
    plan: Annotated[Plan, Field(strict=False)] = Plan.FREE
    status: Annotated[UserStatus, Field(strict=False)] = UserStatus.ACTIVE
    role: str = "member"
    request_count: Whole = 0
    request_month: str | None = None
    storage_bytes: Whole = 0
    deleting_since: Seconds | None = None
    lease_until: Seconds | None = None
    session_epoch: str | None = None
    write_id: str | None = None

    def requests_in(self, month: str) -> int:
        """As of the snapshot, which may be of an earlier month."""
        return self.request_count if self.request_month in (None, month) else 0

    @classmethod
    def new(cls, user_id: str, created_at: str, *, email: str | None = None, **attributes: Any) -> "UserEntity":
        """A user as signUp makes one, with the index entries by which the directory finds them."""
        entries = AccessPattern.LIST_BY_CREATED_AT.entry(month=created_at[:7], created_at=created_at, user_id=user_id)
        if email:
            entries |= email_entries(email)
        return cls.from_item(
            AccessPattern.GET_USER.key(user_id=user_id).attributes()
            | entries
            | {"entityType": "USER", "userId": user_id, "createdAt": created_at, "updatedAt": created_at}
            | ({"email": email} if email else {})
            | attributes
        )


def email_entries(email: str) -> dict[str, str]:
    """The index entry by which the directory finds a user by the domain of the address."""
    folded = fold_email(email)
    return AccessPattern.LIST_BY_EMAIL_DOMAIN.entry(domain=folded.rpartition("@")[2], email=folded)


def fold_email(email: str) -> str:
    """How two spellings of an address are found to be one: NFC and casefold."""
    return unicodedata.normalize("NFC", email).casefold()
