"""What a server does beside answering requests, from its start to its end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from datastore.account_deletion import AccountDeletion
from datastore.namespace_deletion import NamespaceDeletion
from datastore.store import Store


class Job(Protocol):
    """Runs until it is cancelled; a fault of the table's does not end it."""

    async def run(self) -> None: ...


def deletion_jobs(store: Store, *, settle_seconds: float, clock: Callable[[], float]) -> Sequence[Job]:
    return (
        NamespaceDeletion(store, settle_seconds=settle_seconds, clock=clock),
        AccountDeletion(store, settle_seconds=settle_seconds, clock=clock),
    )


@asynccontextmanager
async def running(jobs: Iterable[Job]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        started = [tasks.create_task(job.run()) for job in jobs]
        yield
        for each in started:
            each.cancel()
