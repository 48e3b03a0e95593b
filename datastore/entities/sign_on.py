"""STATE#{digest} / METADATA: a single sign-on under way. The state itself is nowhere: its SHA-256 is its identity."""

import hashlib
from typing import Annotated, ClassVar, Literal

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, Seconds, partition_of
from datastore.tables import OIDC_STATE

SIGN_ON_SECONDS = 600


class SignOnEntity(Entity):
    """DynamoDB removes it some time after `expires_at`; until then conditions compare the clock.

    `challenge`: the SHA-256 of what only the front end that began it knows. `user_id`: whose account it is to be
    linked to. `claimed_by`: the one request that may finish it.
    """

    table: ClassVar = OIDC_STATE
    entity_types: ClassVar = ("SIGN_ON",)

    pk: Annotated[str, partition_of(AccessPattern.GET_SIGN_ON)]
    sk: Literal["METADATA"]
    redirect_uri: str
    verifier: str
    nonce: str
    challenge: str | None = None
    user_id: str | None = None
    claimed_by: str | None = None
    expires_at: Seconds


def digest_state(state: str) -> str:
    return hashlib.sha256(state.encode(errors="surrogatepass")).hexdigest()
