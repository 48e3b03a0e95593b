"""The limit of time holds for each coroutine by itself, and only for what is still running."""

import asyncio

import pytest

from schema.time_limit import TimeLimit


async def _long() -> None:
    await asyncio.Event().wait()


async def test_what_ends_in_time_gives_its_result() -> None:
    async def quick() -> str:
        await asyncio.sleep(0)
        return "done"

    assert await TimeLimit(60).within(quick()) == "done"


async def test_what_fails_in_time_fails_as_it_does() -> None:
    async def failing() -> None:
        raise KeyError("own")

    with pytest.raises(KeyError, match="own"):
        await TimeLimit(60).within(failing())


async def test_what_takes_too_long_is_cancelled_and_late() -> None:
    ended = asyncio.Event()

    async def tidy() -> None:
        try:
            await _long()
        finally:
            ended.set()

    with pytest.raises(TimeoutError):
        await TimeLimit(0.01).within(tidy())
    assert ended.is_set()
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_each_has_its_own_limit() -> None:
    limit = TimeLimit(0.05)
    release = asyncio.Event()
    order: list[str] = []

    async def run(name: str, coroutine_done: asyncio.Event | None) -> None:
        try:
            await limit.within(coroutine_done.wait() if coroutine_done else _long())
        except TimeoutError:
            order.append(f"{name} late")
            release.set()
        else:
            order.append(f"{name} done")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run("first", None))
        await asyncio.sleep(0.03)
        tasks.create_task(run("second", release))
    assert order == ["first late", "second done"]


async def test_the_next_is_timed_after_one_was_late() -> None:
    limit = TimeLimit(0.01)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await limit.within(_long())


async def test_a_cancellation_from_outside_stays_one() -> None:
    task = asyncio.create_task(TimeLimit(60).within(_long()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_limit_serves_one_event_loop_after_another() -> None:
    limit = TimeLimit(0.01)

    async def late() -> None:
        with pytest.raises(TimeoutError):
            await limit.within(_long())

    async def quick() -> None:
        await limit.within(asyncio.sleep(0))

    for each in (quick, late, quick, late):
        asyncio.run(each())
