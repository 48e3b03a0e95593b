"""idempotencyKey: the same write sent again is done once, and answers as it did the first time."""

import asyncio
import json
from typing import Any

import pytest

from tests.api import Answer, Api
from tests.clock import Clock

DAY = 24 * 3600
MISMATCH = "IdempotentParameterMismatch"


async def write(api: Api, field: str, namespace: str, number: int, token: str) -> Answer:
    match field:
        case "putKey":
            return await api.put(namespace, "a", number, idempotencyKey=token)
        case "incrementKey":
            return await api.increment(namespace, "a", number, idempotencyKey=token)
    puts = [{"put": {"namespace": namespace, "key": key, "value": number}} for key in ("a", "b")]
    return await api.transact(puts, token)


@pytest.fixture(params=["putKey", "incrementKey", "transactKeys"])
def field(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


async def test_a_write_sent_again_is_a_success_with_the_same_answer(timed: Api, clock: Clock, field: str) -> None:
    namespace = await timed.namespace()
    first = (await write(timed, field, namespace, 7, "t")).data
    clock.advance(DAY - 1)
    assert (await write(timed, field, namespace, 7, "t")).data == first
    assert (await timed.get(namespace, "a"))["version"] == 1


async def test_the_answer_is_the_first_one_though_the_key_has_changed_since(timed: Api, field: str) -> None:
    namespace = await timed.namespace()
    first = (await write(timed, field, namespace, 7, "t")).data
    await timed.put(namespace, "a", 99)
    assert (await write(timed, field, namespace, 7, "t")).data == first
    assert (await timed.get(namespace, "a"))["value"] == "99"


async def test_after_24_hours_it_is_a_new_write(timed: Api, clock: Clock, field: str) -> None:
    namespace = await timed.namespace()
    await write(timed, field, namespace, 7, "t")
    clock.advance(DAY)
    assert "errors" not in (await write(timed, field, namespace, 7, "t")).body
    got = await timed.get(namespace, "a")
    assert (got["version"], got["value"]) == (2, "14" if field == "incrementKey" else "7")


async def test_with_another_payload_the_token_is_refused(timed: Api, field: str) -> None:
    namespace = await timed.namespace()
    await write(timed, field, namespace, 7, "t")
    error = (await write(timed, field, namespace, 8, "t")).error
    assert (error["errorType"], error["extensions"]["code"]) == (MISMATCH, "IDEMPOTENCY_MISMATCH")
    assert json.loads((await timed.get(namespace, "a"))["value"]) == 7


async def test_twins_sent_at_once_are_done_once(timed: Api, field: str) -> None:
    namespace = await timed.namespace()
    answers = await asyncio.gather(*(write(timed, field, namespace, 7, "t") for _ in range(8)))
    first = answers[0].data
    assert [answer.data for answer in answers] == [first] * 8
    got = await timed.get(namespace, "a")
    assert (got["version"], got["value"]) == (1, "7")


async def test_anothers_token_of_the_same_text_is_another_token(api: Api, field: str) -> None:
    alice, bob = await api.sign_up(), await api.sign_up()
    for user in (alice, bob):
        namespace = await user.namespace()
        assert "errors" not in (await write(user, field, namespace, 7, "t")).body
        assert (await user.get(namespace, "a"))["version"] == 1


async def test_one_users_token_is_one_token_in_all_fields(alice: Api) -> None:
    namespace = await alice.namespace()
    await write(alice, "putKey", namespace, 7, "t")
    assert (await write(alice, "incrementKey", namespace, 7, "t")).error["errorType"] == MISMATCH


@pytest.mark.parametrize(
    ("first", "second"),
    [("1", '"1"'), ("1", "true"), ("null", '"null"'), ("null", '""'), ("[1]", '["1"]'), ('{"a": 1}', '{"a": [1]}')],
)
async def test_values_that_only_look_alike_are_another_payload(alice: Api, first: str, second: str) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "a", first, idempotencyKey="t")
    assert (await alice.put(namespace, "a", second, idempotencyKey="t")).error["errorType"] == MISMATCH


@pytest.mark.parametrize(
    ("first", "second"),
    [('{"a": 1, "b": 2}', '{"b": 2, "a": 1}'), ('{"a": 1}', {"a": 1}), ("0.5", 0.5), ("1.0", 1), ("1e3", "1000")],
)
async def test_two_spellings_of_one_value_are_one_payload(alice: Api, first: str, second: Any) -> None:
    namespace = await alice.namespace()
    put = (await alice.put(namespace, "a", first, idempotencyKey="t")).data
    assert (await alice.put(namespace, "a", second, idempotencyKey="t")).data == put


async def test_a_refused_write_leaves_the_token_unused(alice: Api) -> None:
    namespace = await alice.namespace()
    assert "errors" in (await alice.put(namespace, "a", 1, ifVersion=5, idempotencyKey="t")).body
    assert (await alice.put(namespace, "a", 1, idempotencyKey="t")).data["putKey"]["version"] == 1


async def test_a_put_under_ifversion_sent_again_is_a_success_though_the_version_has_moved(alice: Api) -> None:
    namespace = await alice.namespace()
    first = (await alice.put(namespace, "a", 1, ifVersion=0, idempotencyKey="t")).data
    assert (await alice.put(namespace, "a", 1, ifVersion=0, idempotencyKey="t")).data == first


async def test_the_deepest_value_that_can_be_put_can_be_put_under_a_token(alice: Api) -> None:
    namespace = await alice.namespace()
    deepest = "[" * 31 + "1" + "]" * 31
    assert "errors" not in (await alice.put(namespace, "without", deepest)).body
    first = (await alice.put(namespace, "a", deepest, idempotencyKey="t")).data
    assert first["putKey"]["value"] == deepest
    assert (await alice.put(namespace, "a", deepest, idempotencyKey="t")).data == first


async def test_numbers_and_nulls_come_back_from_a_repeat_as_they_were(alice: Api) -> None:
    namespace = await alice.namespace()
    text = '[null,0.1,12345678901234567890123456789012345678,{"a":null}]'
    first = (await alice.put(namespace, "a", text, idempotencyKey="t")).data
    assert (await alice.put(namespace, "a", text, idempotencyKey="t")).data == first
    await alice.put(namespace, "b", "null", idempotencyKey="u")
    assert (await alice.put(namespace, "b", "null", idempotencyKey="u")).data["putKey"]["value"] == "null"


@pytest.mark.parametrize("value", ['"\\ud800"', "1e999999999"])
async def test_a_value_that_cant_be_stored_is_refused_under_a_used_token_too(alice: Api, value: str) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "a", 1, idempotencyKey="t")
    assert (await alice.put(namespace, "a", value, idempotencyKey="t")).error["errorType"] in (MISMATCH, "BadRequest")


@pytest.mark.parametrize(("token", "found"), [("", 0), ("x" * 129, 129)])
async def test_a_token_of_no_or_too_many_characters_is_refused(alice: Api, token: str, found: int) -> None:
    namespace = await alice.namespace()
    error = (await alice.put(namespace, "a", 1, idempotencyKey=token)).error
    assert error["errorType"] == "LimitExceeded"
    assert "1 to 128 characters" in error["message"]
    assert f"has {found}" in error["message"]


async def test_a_token_of_128_characters_is_accepted_and_one_of_control_characters_is_not(alice: Api) -> None:
    namespace = await alice.namespace()
    assert "errors" not in (await alice.put(namespace, "a", 1, idempotencyKey="x" * 128)).body
    assert (await alice.put(namespace, "a", 1, idempotencyKey="a\nb")).error["errorType"] == "BadRequest"


async def test_what_would_be_too_large_to_remember_is_refused_with_its_size(alice: Api) -> None:
    namespace = await alice.namespace()
    value = json.dumps("x" * 250_000)
    puts = [{"put": {"namespace": namespace, "key": key, "value": value}} for key in ("a", "b")]
    error = (await alice.transact(puts, "t")).error
    assert error["errorType"] == "LimitExceeded"
    assert "an item may have 409600" in error["message"]
    assert await alice.get(namespace, "a") is None
    assert "errors" not in (await alice.transact(puts)).body
