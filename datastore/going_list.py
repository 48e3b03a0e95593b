"""The list of what is marked DELETING, in which namespaces and accounts stand side by side, walked again and again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Generic, TypeVar

import structlog

from datastore.access_patterns import KeyRange
from datastore.entities.entity import Entity
from datastore.errors import CorruptItem, Refusal, StoreFault
from datastore.operations import Item, Query
from datastore.requests import start_key
from datastore.store import Store

E = TypeVar("E", bound=Entity)
PAGE = 99

log = structlog.get_logger()


class GoingList(Generic[E]):
    """Hands each entity of its kind to `delete`. `what` is what the log calls the work."""

    def __init__(
        self,
        store: Store,
        range_: KeyRange,
        kind: type[E],
        delete: Callable[[E], Awaitable[None]],
        *,
        what: str,
        poll_seconds: float,
    ) -> None:
        self._store = store
        self._range = range_
        self._kind = kind
        self._delete = delete
        self._what = what
        self._poll_seconds = poll_seconds

    async def run(self) -> None:
        """Until cancelled. A table that does not answer is asked again at the next turn."""
        while True:
            try:
                await self.sweep()
            except (Refusal, StoreFault) as fault:
                log.warning(f"{self._what}_interrupted", reason=str(fault))
            await asyncio.sleep(self._poll_seconds)

    async def sweep(self) -> None:
        """One turn over all that are to go."""
        query = Query(self._range, limit=PAGE)
        page = await self._store.execute(query)
        while page.items:
            for item in page.items:
                await self._attend(item)
            page = await self._store.execute(replace(query, start=start_key(query, page.items[-1])))

    async def _attend(self, item: Item) -> None:
        """One item that is not as it should be holds up no other."""
        if item.get("entityType") not in self._kind.entity_types:
            return
        try:
            await self._delete(self._kind.from_item(item))
        except CorruptItem as corrupt:
            log.error(f"{self._what}_impossible", key=item["PK"], reason=corrupt.message)
