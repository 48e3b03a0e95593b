"""How long an issuer's documents are used, and how often it is asked."""

import asyncio
from dataclasses import dataclass, field

import pytest

from datastore.errors import Unavailable
from datastore.oidc.remembered import ASK_AGAIN_SECONDS, FRESH_SECONDS, STALE_SECONDS, Remembered
from tests.clock import Clock


@dataclass
class Source:
    clock: Clock = field(default_factory=Clock)
    asked: int = 0
    is_down: bool = False
    halt: asyncio.Event | None = None

    async def __call__(self) -> str:
        self.asked += 1
        if self.halt:
            await self.halt.wait()
        if self.is_down:
            raise Unavailable("down")
        return f"answer {self.asked}"


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def remembered(source: Source) -> Remembered[str]:
    return Remembered(source, lambda: source.clock.now.timestamp())


async def test_an_answer_is_used_for_an_hour(source: Source, remembered: Remembered[str]) -> None:
    assert await remembered.get() == "answer 1"
    source.clock.advance(FRESH_SECONDS - 1)
    assert await remembered.get() == "answer 1"
    source.clock.advance(1)
    assert await remembered.get() == "answer 2"


async def test_requests_that_come_at_once_wait_for_one_answer(source: Source, remembered: Remembered[str]) -> None:
    assert set(await asyncio.gather(*(remembered.get() for _ in range(50)))) == {"answer 1"}
    assert source.asked == 1


async def test_while_the_issuer_is_down_an_old_answer_is_used_for_a_day(
    source: Source, remembered: Remembered[str]
) -> None:
    await remembered.get()
    source.is_down = True
    source.clock.advance(FRESH_SECONDS)
    for _ in range(20):
        assert await remembered.get() == "answer 1"
    assert source.asked == 2
    source.clock.advance(STALE_SECONDS - FRESH_SECONDS)
    with pytest.raises(Unavailable):
        await remembered.get()


async def test_an_issuer_that_is_down_from_the_start_is_asked_once_in_a_while(
    source: Source, remembered: Remembered[str]
) -> None:
    source.is_down = True
    answers = await asyncio.gather(*(remembered.get() for _ in range(20)), return_exceptions=True)
    assert all(isinstance(answer, Unavailable) for answer in answers)
    assert source.asked == 1
    source.is_down = False
    source.clock.advance(ASK_AGAIN_SECONDS)
    assert await remembered.get() == "answer 2"


async def test_nobody_waits_for_a_renewal_while_an_old_answer_may_be_used(
    source: Source, remembered: Remembered[str]
) -> None:
    await remembered.get()
    source.clock.advance(FRESH_SECONDS)
    source.halt = asyncio.Event()
    renewing = asyncio.create_task(remembered.get())
    await asyncio.sleep(0)
    assert await remembered.get() == "answer 1"
    source.halt.set()
    assert await renewing == "answer 2"


async def test_a_request_that_gives_up_leaves_no_other_waiting(source: Source, remembered: Remembered[str]) -> None:
    source.halt = asyncio.Event()
    first = asyncio.create_task(remembered.get())
    await asyncio.sleep(0)
    first.cancel()
    source.halt = None
    source.clock.advance(ASK_AGAIN_SECONDS)
    assert await remembered.get() == "answer 2"
