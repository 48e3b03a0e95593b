"""Turns are few, come in the order of asking, and are not lost with those who give up."""

import asyncio

from datastore.wire.turns import Turns


async def test_there_are_no_more_than_the_number() -> None:
    turns = Turns(2)
    assert [turns.take() for _ in range(4)] == [True, True, False, False]
    turns.give_back()
    assert [turns.take(), turns.take()] == [True, False]


async def test_whoever_waits_has_the_next_before_whoever_comes_later() -> None:
    turns = Turns(1)
    assert turns.take()
    order: list[int] = []

    async def wait(number: int) -> None:
        await turns.wait()
        order.append(number)
        turns.give_back()

    waiting = [asyncio.ensure_future(wait(number)) for number in range(3)]
    await asyncio.sleep(0)
    turns.give_back()
    assert not turns.take()
    await asyncio.gather(*waiting)
    assert order == [0, 1, 2]
    assert turns.take()


async def test_one_who_gives_up_leaves_the_turn_to_the_next() -> None:
    turns = Turns(1)
    assert turns.take()
    first, second = (asyncio.ensure_future(turns.wait()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    turns.give_back()
    await second
    assert not turns.take()


async def test_one_who_gives_up_in_the_moment_of_getting_it_passes_it_on() -> None:
    turns = Turns(1)
    assert turns.take()
    first, second = (asyncio.ensure_future(turns.wait()) for _ in range(2))
    await asyncio.sleep(0)
    turns.give_back()
    first.cancel()
    await asyncio.wait([first])
    await second
    turns.give_back()
    assert turns.take()
