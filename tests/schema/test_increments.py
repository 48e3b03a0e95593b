"""incrementKey: atomic, exact, and never counted twice."""

import asyncio
import json
from typing import Any

import pytest

from datastore.errors import OutcomeUnknown
from tests.api import Api
from tests.clock import Clock
from tests.recording_client import Sent


async def test_50_parallel_increments_add_up_exactly_and_each_is_a_version_of_its_own(alice: Api) -> None:
    namespace = await alice.namespace()
    answers = await asyncio.gather(*(alice.increment(namespace, "n", n) for n in range(1, 51)))
    made = [answer.data["incrementKey"] for answer in answers]
    assert sorted(each["version"] for each in made) == list(range(1, 51))
    assert len({each["value"] for each in made}) == 50
    assert (await alice.get(namespace, "n"))["value"] == str(sum(range(1, 51)))


async def test_parallel_increments_under_tokens_of_their_own_add_up_too(alice: Api) -> None:
    """A caller that others kept from the key is told to try again, and may: his token counts once."""
    namespace = await alice.namespace()

    async def count(token: str) -> None:
        while "errors" in (await alice.increment(namespace, "n", 1, idempotencyKey=token)).body:
            pass

    async with asyncio.timeout(30):
        await asyncio.gather(*(count(str(n)) for n in range(10)))
    assert (await alice.get(namespace, "n"))["value"] == "10"


async def test_an_increment_is_one_call_of_the_table(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.increment(namespace, "n", 1)
    alice.client.sent.clear()
    await alice.increment(namespace, "n", 1)
    assert alice.client.actions() == ["UpdateItem"]


async def test_an_absent_key_counts_as_0(alice: Api) -> None:
    namespace = await alice.namespace()
    made = (await alice.increment(namespace, "n", -3)).data["incrementKey"]
    assert (made["value"], made["version"]) == ("-3", 1)
    assert await alice.get(namespace, "n") == made


@pytest.mark.parametrize("token", [None, "t"])
async def test_sums_are_exact(alice: Api, token: str | None) -> None:
    namespace = await alice.namespace()
    more = {"idempotencyKey": token} if token else {}
    await alice.put(namespace, "n", "0.1")
    assert (await alice.increment(namespace, "n", 0.2, **more)).data["incrementKey"]["value"] == "0.3"
    await alice.put(namespace, "n", "1e30")
    more = {"idempotencyKey": "u"} if token else {}
    made = (await alice.increment(namespace, "n", 0.25, **more)).data["incrementKey"]
    assert made["value"] == f"1{30 * '0'}.25"


@pytest.mark.parametrize("token", [None, "t"])
@pytest.mark.parametrize("value", ['"1"', "true", "null", "[1]", '{"n": 1}'])
async def test_what_is_not_a_number_is_refused_and_stays(alice: Api, value: str, token: str | None) -> None:
    namespace = await alice.namespace()
    current = (await alice.put(namespace, "n", value)).data["putKey"]
    error = (await alice.increment(namespace, "n", 1, **({"idempotencyKey": token} if token else {}))).error
    assert error["errorType"] == "BadRequest"
    assert "Only a number can be incremented" in error["message"]
    assert json.loads((await alice.get(namespace, "n"))["value"]) == json.loads(current["value"])


@pytest.mark.parametrize("token", [None, "t"])
async def test_a_sum_of_more_digits_than_can_be_stored_is_refused_and_not_rounded(
    alice: Api, token: str | None
) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "n", "1e38")
    error = (await alice.increment(namespace, "n", 0.1, **({"idempotencyKey": token} if token else {}))).error
    assert error["errorType"] in ("BadRequest", "LimitExceeded")
    assert (await alice.get(namespace, "n"))["value"] == str(10**38)


async def test_an_increment_keeps_the_expiry_and_after_it_starts_again_from_0(timed: Api, clock: Clock) -> None:
    namespace = await timed.namespace()
    put = (await timed.put(namespace, "n", 41, expiresIn=10)).data["putKey"]
    made = (await timed.increment(namespace, "n", 1)).data["incrementKey"]
    assert (made["value"], made["ttl"]) == ("42", put["ttl"])
    clock.advance(10)
    made = (await timed.increment(namespace, "n", 1)).data["incrementKey"]
    assert (made["value"], made["version"], made["ttl"]) == ("1", 1, None)


class TestALostAnswer:
    """The table has counted, and what it answered never came."""

    @pytest.fixture
    async def namespace(self, alice: Api) -> str:
        namespace = await alice.namespace()
        await alice.increment(namespace, "n", 1)
        return namespace

    async def test_is_told_as_an_unknown_outcome_and_counted_once(self, alice: Api, namespace: str) -> None:
        alice.client.after = lose_update
        error = (await alice.increment(namespace, "n", 1)).error
        alice.client.after = lambda sent, answer: answer
        assert (error["errorType"], error["extensions"]["code"]) == ("OutcomeUnknown", "OUTCOME_UNKNOWN")
        assert "retryable" not in error["extensions"]
        assert (await alice.get(namespace, "n"))["value"] == "2"

    async def test_is_not_asked_for_again_by_the_sdk(self, alice: Api, namespace: str) -> None:
        alice.client.repeats = lambda sent: True
        assert (await alice.increment(namespace, "n", 1)).data["incrementKey"]["value"] == "2"

    async def test_is_safe_to_repeat_under_a_token(self, alice: Api, namespace: str) -> None:
        alice.client.after = lose_transaction
        assert "errors" in (await alice.increment(namespace, "n", 1, idempotencyKey="t")).body
        alice.client.after = lambda sent, answer: answer
        made = (await alice.increment(namespace, "n", 1, idempotencyKey="t")).data["incrementKey"]
        assert (made["value"], made["version"]) == ("2", 2)
        assert (await alice.get(namespace, "n"))["value"] == "2"

    async def test_is_repeated_by_the_sdk_under_a_token_and_counted_once(self, alice: Api, namespace: str) -> None:
        alice.client.repeats = lambda sent: sent.action == "TransactWriteItems"
        made = (await alice.increment(namespace, "n", 1, idempotencyKey="t")).data["incrementKey"]
        assert (made["value"], made["version"]) == ("2", 2)
        assert (await alice.get(namespace, "n"))["version"] == 2


def lose_update(sent: Sent, answer: Any) -> Any:
    return lose("UpdateItem", sent, answer)


def lose_transaction(sent: Sent, answer: Any) -> Any:
    return lose("TransactWriteItems", sent, answer)


def lose(action: str, sent: Sent, answer: Any) -> Any:
    if sent.action == action:
        raise OutcomeUnknown("The write was sent but not answered.")
    return answer
