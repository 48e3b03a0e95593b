"""When a session was last used, to some minutes: written behind the answer, and seldom."""

from collections import OrderedDict
from datetime import datetime

from datastore.access_patterns import PrimaryKey
from datastore.entities.session import SessionEntity
from datastore.expressions import Update, exists
from datastore.operations import UpdateItem
from datastore.store import Store
from resolvers.context import format_time

EVERY_SECONDS = 300
_SIZE = 10_000


class LastSeen:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: OrderedDict[PrimaryKey, float] = OrderedDict()

    def note(self, session: SessionEntity, now: datetime) -> None:
        """A session that has ended meanwhile is not made again."""
        seconds = now.timestamp()
        if session.idle_for(seconds) < EVERY_SECONDS or self._is_noted(session.key, seconds):
            return
        self._noted[session.key] = seconds
        if len(self._noted) > _SIZE:
            self._noted.popitem(last=False)
        update = Update({"lastSeenAt": format_time(now), "updatedAt": format_time(now)})
        self._store.deferred.start(UpdateItem(session.key, update, exists("PK")))

    def _is_noted(self, key: PrimaryKey, seconds: float) -> bool:
        """However often it is used until that is written, or if it can't be."""
        return seconds - self._noted.get(key, -EVERY_SECONDS) < EVERY_SECONDS
