"""When API keys were last used: noted in the process, written about once an hour for each, never by a request."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from datastore.entities.api_key import ApiKeyEntity
from datastore.expressions import Update, at_most, exists, missing
from datastore.operations import UpdateItem
from datastore.store import Store

COARSENESS = timedelta(hours=1)


class KeyUses:
    """`lastUsedAt` may lag behind by COARSENESS and a turn; a crash loses the uses of one turn."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime], turn_seconds: float = 60) -> None:
        self._store = store
        self._clock = clock
        self._turn_seconds = turn_seconds
        self._used: dict[str, ApiKeyEntity] = {}

    def note(self, entity: ApiKeyEntity) -> None:
        """Called with every request: it must cost next to nothing."""
        self._used[entity.api_key_id] = entity

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._turn_seconds)
            self.write()

    def write(self) -> None:
        """Of the keys used since the last turn, those whose last use is long ago, as far as this process knows.

        Not of a key that has been revoked meanwhile, and not where another process was quicker.
        """
        used, self._used = self._used, {}
        now = self._clock()
        long_ago = _stamp(now - COARSENESS)
        due = exists("PK") & (missing("lastUsedAt") | at_most("lastUsedAt", long_ago))
        for entity in used.values():
            if entity.last_used_at is None or entity.last_used_at <= long_ago:
                self._store.deferred.start(UpdateItem(entity.key, Update({"lastUsedAt": _stamp(now)}), due))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
