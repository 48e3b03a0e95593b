"""USER#{user_id} / IDEMPOTENCY#{digest}: what a write answered, so that its repeat can answer the same for 24 h."""

from typing import Annotated, ClassVar

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, Seconds, partition_of, sort_of

REMEMBERED_SECONDS = 24 * 3600


class ReplayEntity(Entity):
    """`payload` is the SHA-256 of what was asked; `result` the items to answer it with again, as JSON text."""

    entity_types: ClassVar = ("REPLAY",)

    pk: Annotated[str, partition_of(AccessPattern.GET_REPLAY)]
    sk: Annotated[str, sort_of(AccessPattern.GET_REPLAY)]
    payload: str
    result: list[str]
    ttl: Seconds
