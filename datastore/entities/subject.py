"""Whose account a subject of the OpenID Connect issuer signs in to, seen from both ends."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, partition_of, sort_of


class SubjectEntity(Entity):
    """OIDC#{digest} / METADATA: one account for each subject, however often it signs on for the first time."""

    entity_types: ClassVar = ("SUBJECT",)

    pk: Annotated[str, partition_of(AccessPattern.GET_SUBJECT)]
    sk: Literal["METADATA"]
    issuer: str
    subject: str
    user_id: str


class LinkEntity(Entity):
    """USER#{user_id} / OIDC#{digest}: by which the account's deletion finds the subject."""

    entity_types: ClassVar = ("LINK",)

    pk: Annotated[str, partition_of(AccessPattern.GET_LINK)]
    sk: Annotated[str, sort_of(AccessPattern.GET_LINK)]
    issuer: str
    user_id: str


def digest_subject(issuer: str, subject: str) -> str:
    """An issuer's address has no newline, so no two pairs are one text."""
    return hashlib.sha256(f"{issuer}\n{subject}".encode(errors="surrogatepass")).hexdigest()


def linked(issuer: str, subject: str, *, user_id: str, created_at: str) -> Sequence[Entity]:
    """Both ends of a new link."""
    digest = digest_subject(issuer, subject)
    known = {"issuer": issuer, "userId": user_id, "createdAt": created_at, "updatedAt": created_at}
    return (
        SubjectEntity.from_item(
            AccessPattern.GET_SUBJECT.key(digest=digest).attributes()
            | {"entityType": "SUBJECT", "subject": subject, **known}
        ),
        LinkEntity.from_item(
            AccessPattern.GET_LINK.key(user_id=user_id, digest=digest).attributes() | {"entityType": "LINK", **known}
        ),
    )
