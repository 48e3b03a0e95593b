"""A call is tried again as often as helps, and no more often than the store can bear."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import orjson
import pytest

from datastore.errors import OutcomeUnknown, StoreFault, Unavailable
from datastore.wire.retry_budget import CAPACITY, RetryBudget
from tests.datastore.wire.calls import calling, get
from tests.datastore.wire.scripted_server import EMPTY, Request, always, answer, error

FINE = answer(EMPTY)
BUSY = error("ThrottlingException")
DOWN = error("InternalServerError", status="500 Internal Server Error")
SIGNING = "Signature expired: 20260101T000000Z is now earlier than 20260101T000500Z"


def skewed(code: str, hours: float, message: str = SIGNING) -> bytes:
    """The refusal of a server whose clock is ahead by so much."""
    date = format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)
    return error(code, message, headers=f"date: {date}\r\n")


@pytest.mark.parametrize("reply", [BUSY, DOWN], ids=["throttled", "failing"])
async def test_with_the_store_down_there_are_soon_no_more_calls_than_requests(reply: bytes) -> None:
    """R6: 1,000 requests, as many as come in ten seconds at a hundred a second."""
    async with calling(always(reply)) as (client, server):
        for _ in range(50):
            answers = await asyncio.gather(*(get(client) for _ in range(20)), return_exceptions=True)
            assert {type(each) for each in answers} == {Unavailable}
    assert 1_000 < len(server.requests) <= 1_100


async def test_successes_pay_for_retries() -> None:
    async def script(request: Request) -> None:
        await request.say(BUSY if down else FINE)

    down = True
    async with calling(script) as (client, server):
        for _ in range(40):
            with pytest.raises(Unavailable):
                await get(client)
        down = False
        for _ in range(10):
            await get(client)
        down = True
        before = len(server.requests)
        with pytest.raises(Unavailable):
            await get(client)
        assert len(server.requests) - before == 3  # ten successes, two retries


def test_a_budget_neither_overdraws_nor_overflows() -> None:
    budget = RetryBudget()
    budget.earn()
    assert [budget.spend(CAPACITY), budget.spend(1)] == [True, False]
    budget.earn()
    assert [budget.spend(2), budget.spend(1)] == [False, True]


async def test_a_throttled_store_is_given_up_long_before_the_caller_gives_up() -> None:
    """R5."""
    async with calling(always(BUSY)) as (client, _):
        start = asyncio.get_running_loop().time()
        with pytest.raises(Unavailable, match="more requests than it can serve"):
            await get(client)
        assert asyncio.get_running_loop().time() - start < 2


async def test_all_tries_of_a_transaction_carry_one_token_and_the_next_one_another() -> None:
    async with calling(always(BUSY, DOWN, FINE, FINE)) as (client, server):
        for _ in range(2):
            await client.call("TransactWriteItems", {"TransactItems": []})
    first, second, third, other = (orjson.loads(request.body)["ClientRequestToken"] for request in server.requests)
    assert first == second == third != other
    assert 1 <= len(other) <= 36


async def test_a_token_of_the_caller_s_is_kept() -> None:
    async with calling(always(FINE)) as (client, server):
        await client.call("TransactWriteItems", {"TransactItems": [], "ClientRequestToken": "mine"})
    assert orjson.loads(server.requests[0].body)["ClientRequestToken"] == "mine"


def signed_at(request: Request) -> datetime:
    return datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


@pytest.mark.parametrize("hours", [2, -30])
@pytest.mark.parametrize("code", ["InvalidSignatureException", "RequestTimeTooSkewed", "RequestExpired"])
async def test_a_wrong_clock_is_put_right_by_the_refusal(code: str, hours: float) -> None:
    """R9: DynamoDB's own time stands in the answer."""
    async with calling(always(skewed(code, hours), FINE)) as (client, server):
        assert await get(client) == {}
        await get(client)
    now = datetime.now(UTC)
    off = [(signed_at(request) - now).total_seconds() / 3600 for request in server.requests]
    assert off == pytest.approx([0, hours, hours], abs=0.05)


async def test_calls_at_the_same_time_all_profit_from_a_clock_put_right() -> None:
    """Those refused after the first one has corrected it are tried again as well."""

    async def script(request: Request) -> None:
        wrong = abs((signed_at(request) - datetime.now(UTC)).total_seconds()) < 600
        await request.say(skewed("InvalidSignatureException", 1) if wrong else FINE)

    async with calling(script) as (client, _):
        assert await asyncio.gather(*(get(client) for _ in range(20))) == [{}] * 20


async def test_a_call_that_must_not_be_sent_twice_is_not_for_a_clock_either_but_the_next_is_right() -> None:
    async with calling(always(skewed("InvalidSignatureException", 1), FINE)) as (client, server):
        with pytest.raises(Unavailable, match="clock"):
            await get(client, repeatable=False)
        assert await get(client, repeatable=False) == {}
    assert len(server.requests) == 2


@pytest.mark.parametrize("headers", ["", "date: never\r\n"])
async def test_a_bad_signature_at_the_right_time_is_a_fault_of_the_set_up(headers: str) -> None:
    for reply in (
        error("InvalidSignatureException", "The signature does not match.", headers=headers),
        skewed("InvalidSignatureException", 0, "The signature does not match."),
    ):
        async with calling(always(reply)) as (client, server):
            with pytest.raises(StoreFault, match="InvalidSignatureException"):
                await get(client)
        assert len(server.requests) == 1


async def test_what_can_t_be_written_as_json_is_not_sent() -> None:
    async with calling(always(FINE)) as (client, server):
        for value in ("\ud800", object(), {1: "x"}):
            parameters: dict[str, Any] = {"TableName": "any", "Key": {"PK": {"S": value}}}
            with pytest.raises(StoreFault, match="can't be written as JSON"):
                await client.call("GetItem", parameters)
    assert server.requests == []


async def test_an_unknown_outcome_is_told_even_when_the_budget_is_spent() -> None:
    async def script(request: Request) -> None:
        await request.hang_up()

    async with calling(script) as (client, server):
        await asyncio.gather(*(get(client) for _ in range(CAPACITY)), return_exceptions=True)
        spent = len(server.requests)
        with pytest.raises(Unavailable):
            await get(client)
        with pytest.raises(OutcomeUnknown):
            await get(client, repeatable=False)
    assert (spent, len(server.requests)) == (CAPACITY + CAPACITY // 5, spent + 2)
