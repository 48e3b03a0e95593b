"""Waits grow twice as long at each attempt, at random, up to a second."""

import asyncio

import pytest

from datastore.backoff import FIRST_SECONDS, LONGEST_SECONDS, pause
from tests.datastore.virtual_time import run


@pytest.mark.parametrize("attempt", [0, 1, 5, 6, 50])
def test_a_wait_is_random_up_to_its_bound(attempt: int) -> None:
    async def many() -> list[float]:
        loop = asyncio.get_running_loop()
        waits = []
        for _ in range(200):
            start = loop.time()
            await pause(attempt)
            waits.append(loop.time() - start)
        return waits

    waits, _ = run(many())
    bound = min(LONGEST_SECONDS, FIRST_SECONDS * 2**attempt)
    assert max(waits) <= bound + 1e-6
    assert max(waits) > 0.8 * bound  # once in 10^19 runs not so
    assert min(waits) < 0.2 * bound
