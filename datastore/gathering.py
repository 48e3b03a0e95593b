"""GetItems asked for in one tick of one request become one BatchGetItem."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias, TypeVar, cast

from datastore.errors import Unavailable
from datastore.operations import BatchGetItem, GetItem, Item, Operation
from datastore.store import Store

T = TypeVar("T")
Waiting: TypeAlias = tuple[GetItem, "asyncio.Future[Item | None]"]
Flight: TypeAlias = "asyncio.Task[Sequence[Item | None]]"


class GatheringStore:
    """A request's own door to the store. `operations` counts what went through it.

    `alone`: set by whoever knows that the request asks for one thing at a time, so that there is nothing to wait for.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Waiting] = []
        self._flights: set[Flight] = set()
        self.operations = 0
        self.alone = False

    async def execute(self, operation: Operation[T]) -> T:
        """Run one operation; a GetItem first waits for the others of the same tick. Raises a Refusal."""
        if isinstance(operation, GetItem):
            known = self._store.recall(operation)
            if known is not None:
                return cast(T, known)
            if not self.alone:
                return cast(T, await self._enlist(operation))
        self.operations += 1
        return await self._store.execute(operation)

    def recall(self, operation: GetItem) -> Item | None:
        """What is remembered of it, without asking the table."""
        return self._store.recall(operation)

    async def read_ahead(self, claim: GetItem, ahead: GetItem) -> Sequence[Item | None]:
        """The item of `claim`, and behind it that of `ahead` if that was read in the same call. Raises a Refusal.

        Both are read consistently, or they would be two calls. What goes wrong because of `ahead` is no concern of one
        whose claim may not hold: the claim is then read alone.
        """
        claims = self._store.claims
        items = await self._read_both(claim, ahead) if claims.may_read_ahead(claim.key) else None
        found = items or [await self.execute(claim)]
        claims.settle(claim.key, held=found[0] is not None)
        return found

    async def _read_both(self, claim: GetItem, ahead: GetItem) -> Sequence[Item | None] | None:
        """None where they could not be read together, though the claim might be by itself."""
        reads = (self._enlist(claim), self._enlist(replace(ahead, consistent=True)))
        answers = await asyncio.gather(*reads, return_exceptions=True)
        for answer in answers:
            if isinstance(answer, Unavailable) and not answer.partly:
                raise answer  # a table that does not answer would not for the claim alone either
        items = [answer for answer in answers if not isinstance(answer, BaseException)]
        return items if len(items) == len(answers) else None

    def _enlist(self, operation: GetItem) -> "asyncio.Future[Item | None]":
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._depart)
        answer: asyncio.Future[Item | None] = loop.create_future()
        self._waiting.append((operation, answer))
        return answer

    def _depart(self) -> None:
        groups = defaultdict(list)
        for operation, answer in self._waiting:
            groups[operation.consistent].append((operation, answer))
        self._waiting = []
        for group in groups.values():
            self.operations += 1
            self._flights.add(flight := asyncio.ensure_future(self._read([operation for operation, _ in group])))
            flight.add_done_callback(partial(self._arrive, group))

    def _arrive(self, group: Sequence[Waiting], flight: Flight) -> None:
        self._flights.discard(flight)
        failure = asyncio.CancelledError() if flight.cancelled() else flight.exception()
        for place, (_, answer) in enumerate(group):
            if answer.done():  # whoever asked has given up
                continue
            if failure:
                answer.set_exception(failure)
            else:
                answer.set_result(flight.result()[place])

    async def _read(self, operations: Sequence[GetItem]) -> Sequence[Item | None]:
        first = operations[0]
        if len({operation.key for operation in operations}) == 1:
            return [await self._store.execute(first)] * len(operations)
        with self._store.remembering(operations) as remember:
            keys = tuple(operation.key for operation in operations)
            items = await self._store.execute(BatchGetItem(keys, consistent=first.consistent))
            remember(items)
        return items
