"""From the headers of a request to who asks: the one place where a token becomes an identity."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from datastore.access_patterns import AccessPattern
from datastore.api_keys import digest_api_key, is_api_key
from datastore.entities.api_key import ApiKeyEntity
from datastore.entities.user import UserEntity, UserStatus
from datastore.entity_memo import E, EntityMemo
from datastore.errors import Unauthenticated
from datastore.operations import GetItem
from datastore.policy_cache import PolicyCache
from datastore.store import Store
from resolvers.context import Identity
from resolvers.permissions import permissions_of

API_KEY_HEADER = "x-api-key"


@dataclass(frozen=True)
class Credential:
    """What a token turned out to be: whose, and what it opens."""

    user_id: str
    scopes: frozenset[str]
    api_key_id: str | None = None
    session_id: str | None = None


class Authentication:
    """API keys. What can't be one of ours is refused without a read."""

    def __init__(self, store: Store, policies: PolicyCache, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._policies = policies
        self._clock = clock
        self._memo = EntityMemo()

    async def __call__(self, headers: Mapping[str, str]) -> Identity | None:
        """None for absent and for wrong credentials alike.

        Raises Unauthenticated for an account that is suspended, Unavailable where the table does not answer.
        """
        credential = await self._api_key(headers)
        return await self._identify(credential) if credential else None

    async def _api_key(self, headers: Mapping[str, str]) -> Credential | None:
        text = headers.get(API_KEY_HEADER, "")
        if not is_api_key(text):
            return None
        key = AccessPattern.GET_API_KEY.key(digest=digest_api_key(text))
        entity = await self._read(ApiKeyEntity, GetItem(key, consistent=True, remembered=True))
        if entity is None or not entity.is_live(int(self._clock().timestamp())):
            return None
        return Credential(entity.user_id, frozenset(entity.scopes), entity.api_key_id)

    async def _identify(self, credential: Credential) -> Identity | None:
        """A valid credential is not enough: its user must be there, and be let in."""
        key = AccessPattern.GET_USER.key(user_id=credential.user_id)
        user = await self._read(UserEntity, GetItem(key, consistent=True, remembered=True))
        if user is None or user.status is UserStatus.DELETING:
            return None
        if user.status is UserStatus.SUSPENDED:
            raise Unauthenticated("This account is suspended.")
        return Identity(
            user.user_id,
            credential.scopes,
            credential.api_key_id,
            session_id=credential.session_id,
            role=user.role,
            permissions=permissions_of(await self._policies.current(), user.role),
            plan=user.plan,
        )

    async def _read(self, kind: type[E], operation: GetItem) -> E | None:
        item = self._store.recall(operation) or await self._store.execute(operation)
        return self._memo.entity(kind, item) if item else None
