"""Writes that no request waits for."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from datastore.deferred_writes import DeferredWrites
from datastore.errors import ConditionFailed, StoreFault, Unavailable
from datastore.operations import Nothing, Operation


class Slow:
    """Runs an operation once it is let go, and fails if told to."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.go = asyncio.Event()
        self.done = 0
        self.failure = failure

    async def __call__(self, operation: Operation[Any]) -> None:
        await self.go.wait()
        if self.failure:
            raise self.failure
        self.done += 1


async def test_nobody_waits_for_them_but_who_wants_them_settled() -> None:
    slow = Slow()
    deferred = DeferredWrites(slow)
    deferred.start(Nothing())
    deferred.start(Nothing())
    await asyncio.sleep(0)
    assert slow.done == 0
    slow.go.set()
    await deferred.settled()
    assert slow.done == 2


@pytest.mark.parametrize("failure", [Unavailable("no answer"), StoreFault("AccessDenied", "not you")])
async def test_a_failure_is_logged_with_its_reason(failure: Exception) -> None:
    slow = Slow(failure)
    slow.go.set()
    deferred = DeferredWrites(slow)
    with capture_logs() as logs:
        deferred.start(Nothing())
        await deferred.settled()
    (line,) = logs
    assert (line["event"], line["reason"]) == ("deferred_write_failed", str(failure))


async def test_a_condition_that_no_longer_holds_is_no_failure() -> None:
    slow = Slow(ConditionFailed())
    slow.go.set()
    deferred = DeferredWrites(slow)
    with capture_logs() as logs:
        deferred.start(Nothing())
        await deferred.settled()
    assert logs == []
