"""APIKEY#{digest} / METADATA: one API key. The key itself is nowhere: its SHA-256 is its identity."""

from typing import Annotated, ClassVar, Literal

from datastore.access_patterns import AccessPattern
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

    def is_live(self, now: int) -> bool:
        return self.expires_at is None or self.expires_at > now
