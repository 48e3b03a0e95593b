"""APIKEY#{digest} / METADATA: one API key. The key itself is nowhere: its SHA-256 is its identity."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from datastore.access_patterns import AccessPattern
from datastore.api_keys import digest_api_key, shown_prefix
from datastore.entities.entity import Entity, Seconds, partition_of, sort_of


class ApiKeyEntity(Entity):
    """`expires_at` also stands in `ttl`, by which DynamoDB removes it in time; until then reads compare the clock."""

    entity_types: ClassVar = ("APIKEY",)

    pk: Annotated[str, partition_of(AccessPattern.GET_API_KEY)]
    sk: Literal["METADATA"]
    gsi1_pk: Annotated[str, partition_of(AccessPattern.LIST_API_KEYS)]
    gsi1_sk: Annotated[str, sort_of(AccessPattern.LIST_API_KEYS)]
    api_key_id: str
    user_id: str
    name: str
    prefix: str
    scopes: list[str]
    last_used_at: str | None = None
    expires_at: Seconds | None = None
    ttl: Seconds | None = None

    @classmethod
    def new(
        cls,
        text: str,
        *,
        user_id: str,
        name: str,
        scopes: Sequence[str],
        created_at: str,
        expires_at: int | None = None,
    ) -> "ApiKeyEntity":
        """The item for a fresh key; `text` is shown to its owner once and is not kept."""
        digest = digest_api_key(text)
        expiry = {} if expires_at is None else {"expiresAt": expires_at, "ttl": expires_at}
        return cls.from_item(
            AccessPattern.GET_API_KEY.key(digest=digest).attributes()
            | AccessPattern.LIST_API_KEYS.entry(user_id=user_id, created_at=created_at, digest=digest)
            | {"entityType": "APIKEY", "apiKeyId": digest, "userId": user_id, "name": name}
            | {"prefix": shown_prefix(text), "scopes": list(scopes), "createdAt": created_at, "updatedAt": created_at}
            | expiry
        )

    def is_live(self, now: int) -> bool:
        return self.expires_at is None or self.expires_at > now
