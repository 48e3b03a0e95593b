"""From the headers of a request to who asks: the one place where a token becomes an identity."""

from collections.abc import Callable, Mapping
from datetime import datetime

from datastore.access_patterns import AccessPattern
from datastore.api_keys import digest_api_key, is_api_key
from datastore.entities.api_key import ApiKeyEntity
from datastore.operations import GetItem
from datastore.store import Store
from resolvers.context import Identity

API_KEY_HEADER = "x-api-key"


class Authentication:
    """API keys. What can't be one of ours is refused without a read."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, headers: Mapping[str, str]) -> Identity | None:
        """None for absent and for wrong credentials alike. Raises Unavailable where the table does not answer."""
        text = headers.get(API_KEY_HEADER, "")
        if not is_api_key(text):
            return None
        key = AccessPattern.GET_API_KEY.key(digest=digest_api_key(text))
        item = await self._store.execute(GetItem(key, consistent=True, remembered=True))
        entity = ApiKeyEntity.from_item(item) if item else None
        if entity is None or not entity.is_live(int(self._clock().timestamp())):
            return None
        return Identity(entity.user_id, frozenset(entity.scopes), entity.api_key_id)
