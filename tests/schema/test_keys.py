"""Keys over GraphQL, on a real engine: versions, conditions, and items that other programs have put."""

import asyncio
import json
from typing import Any

import pytest

from tests.api import Api
from tests.clock import Clock
from tests.foreign_items import foreign_key
from tests.schema.conftest import PutItem

CONFLICT = "DynamoDB:ConditionalCheckFailedException"


async def test_a_key_that_was_put_is_there(alice: Api) -> None:
    namespace = await alice.namespace()
    put = (await alice.put(namespace, "greeting", {"text": "hello", "n": 0.1})).data["putKey"]
    assert (json.loads(put["value"]), put["version"], put["ttl"]) == ({"text": "hello", "n": 0.1}, 1, None)
    got = await alice.get(namespace, "greeting")
    assert json.loads(got.pop("value")) == json.loads(put.pop("value"))
    assert got == put


async def test_a_key_that_nobody_has_put_is_null_and_so_is_its_deletion(alice: Api) -> None:
    namespace = await alice.namespace()
    assert await alice.get(namespace, "nothing") is None
    assert (await alice.delete(namespace, "nothing")).data == {"deleteKey": None}


async def test_each_put_is_one_more_version_of_a_key_that_stays_as_old_as_it_was(timed: Api, clock: Clock) -> None:
    namespace = await timed.namespace()
    first = (await timed.put(namespace, "a", 1)).data["putKey"]
    clock.advance(60)
    second = (await timed.put(namespace, "a", 2)).data["putKey"]
    assert (first["version"], second["version"]) == (1, 2)
    assert second["createdAt"] == first["createdAt"] == first["updatedAt"] < second["updatedAt"]
    assert await timed.get(namespace, "a") == second


async def test_deleting_answers_what_was_there_and_a_put_starts_again_at_version_1(timed: Api, clock: Clock) -> None:
    namespace = await timed.namespace()
    await timed.put(namespace, "a", 1)
    second = (await timed.put(namespace, "a", 2)).data["putKey"]
    assert (await timed.delete(namespace, "a")).data["deleteKey"] == second
    clock.advance(1)
    again = (await timed.put(namespace, "a", 3)).data["putKey"]
    assert again["version"] == 1
    assert again["createdAt"] > second["createdAt"]


@pytest.mark.parametrize("wanted", [0, 1, 3])
async def test_a_put_with_another_ifversion_is_refused_and_shows_the_current_item(alice: Api, wanted: int) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "a", 1)
    current = (await alice.put(namespace, "a", [2])).data["putKey"]
    answer = await alice.put(namespace, "a", 3, ifVersion=wanted)
    assert answer.body["data"] is None
    assert answer.error["errorType"] == CONFLICT
    assert answer.error["extensions"]["code"] == "CONDITION_FAILED"
    assert answer.error["data"] == current
    assert f"ifVersion is {wanted}, but it is at version 2" in answer.error["message"]
    assert await alice.get(namespace, "a") == current


async def test_the_current_item_comes_with_the_refusal_and_not_from_another_read(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "a", 1)
    alice.client.sent.clear()
    assert (await alice.put(namespace, "a", 2, ifVersion=9)).error["data"]["version"] == 1
    assert alice.client.actions() == ["UpdateItem"]


async def test_the_current_item_is_cut_down_to_the_selection_set(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "a", {"secret": 1})
    query = """mutation ($ns: ID!) { putKey(input: {namespace: $ns, key: "a", value: 2, ifVersion: 0}) {
        found: version } }"""
    assert (await alice(query, ns=namespace)).error["data"] == {"found": 1}


async def test_ifversion_0_puts_only_what_is_absent(alice: Api) -> None:
    namespace = await alice.namespace()
    assert (await alice.put(namespace, "a", 1, ifVersion=0)).data["putKey"]["version"] == 1
    assert (await alice.put(namespace, "a", 2, ifVersion=0)).error["errorType"] == CONFLICT


async def test_a_put_at_a_version_of_what_is_absent_is_refused_without_data(alice: Api) -> None:
    namespace = await alice.namespace()
    error = (await alice.put(namespace, "a", 1, ifVersion=4)).error
    assert (error["errorType"], error["data"]) == (CONFLICT, None)
    assert "it is absent" in error["message"]
    assert await alice.get(namespace, "a") is None


async def test_a_put_at_the_current_version_goes_through(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "a", 1)
    assert (await alice.put(namespace, "a", 2, ifVersion=1)).data["putKey"]["version"] == 2
    assert (await alice.put(namespace, "a", 3, ifVersion=2)).data["putKey"]["version"] == 3


async def test_a_delete_at_another_version_is_refused_and_of_what_has_gone_is_a_success(alice: Api) -> None:
    namespace = await alice.namespace()
    current = (await alice.put(namespace, "a", 1)).data["putKey"]
    refused = await alice.delete(namespace, "a", ifVersion=2)
    assert (refused.error["errorType"], refused.error["data"]) == (CONFLICT, current)
    assert refused.body["data"] == {"deleteKey": None}
    assert (await alice.delete(namespace, "a", ifVersion=1)).data["deleteKey"] == current
    assert (await alice.delete(namespace, "a", ifVersion=1)).data["deleteKey"] is None


async def test_of_20_that_put_a_key_if_it_is_absent_exactly_one_succeeds(alice: Api) -> None:
    namespace = await alice.namespace()
    answers = await asyncio.gather(*(alice.put(namespace, "a", n, ifVersion=0) for n in range(20)))
    (won,) = [answer.data["putKey"] for answer in answers if "errors" not in answer.body]
    assert {answer.error["errorType"] for answer in answers if "errors" in answer.body} == {CONFLICT}
    assert await alice.get(namespace, "a") == won


async def test_of_20_that_put_on_from_one_version_exactly_one_succeeds(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "a", -1)
    answers = await asyncio.gather(*(alice.put(namespace, "a", n, ifVersion=1) for n in range(20)))
    assert sum("errors" not in answer.body for answer in answers) == 1
    assert (await alice.get(namespace, "a"))["version"] == 2


async def test_20_unconditional_puts_at_once_make_20_versions(alice: Api) -> None:
    namespace = await alice.namespace()
    answers = await asyncio.gather(*(alice.put(namespace, "a", n) for n in range(20)))
    assert sorted(answer.data["putKey"]["version"] for answer in answers) == list(range(1, 21))


async def test_an_unconditional_put_is_one_call_of_the_table(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "a", 1)
    alice.client.sent.clear()
    await alice.put(namespace, "a", 2)
    assert alice.client.actions() == ["UpdateItem"]


async def test_ten_keys_asked_for_in_one_document_are_one_batchgetitem(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.batch_put([{"namespace": namespace, "key": str(n), "value": n} for n in range(10)])
    alice.client.sent.clear()
    fields = " ".join(f'k{n}: key(namespace: $ns, key: "{n}") {{ value }}' for n in range(10))
    data = (await alice(f"query ($ns: ID!) {{ {fields} }}", ns=namespace)).data
    assert data == {f"k{n}": {"value": str(n)} for n in range(10)}
    assert alice.client.actions() == ["BatchGetItem"]


async def test_keysbyname_answers_in_the_order_asked_with_null_for_what_is_absent(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.batch_put([{"namespace": namespace, "key": key, "value": {"of": key}} for key in ("a", "b")])
    query = "query ($ns: ID!, $keys: [String!]!) { keysByName(namespace: $ns, keys: $keys) { key } }"
    data = (await alice(query, ns=namespace, keys=["b", "none", "a", "b"])).data["keysByName"]
    assert data == [{"key": "b"}, None, {"key": "a"}, {"key": "b"}]


async def test_a_null_value_is_a_value(alice: Api) -> None:
    namespace = await alice.namespace()
    assert (await alice.put(namespace, "a", "null")).data["putKey"]["value"] == "null"
    assert (await alice.get(namespace, "a"))["value"] == "null"


async def test_numbers_keep_their_value_and_objects_their_members(alice: Api) -> None:
    namespace = await alice.namespace()
    text = '{"b":[0.1,1e3,-0,12345678901234567890123456789012345678],"a":{" ":1}}'
    await alice.put(namespace, "a", text)
    value = (await alice.get(namespace, "a"))["value"]
    assert json.loads(value, parse_float=str, parse_int=str) == {
        "b": ["0.1", "1000", "0", "12345678901234567890123456789012345678"],
        "a": {" ": "1"},
    }


class TestAnItemOfAnotherProgram:
    """It counts as version 1; what writes to it here counts on from there."""

    @pytest.fixture
    async def namespace(self, alice: Api, put_raw: PutItem) -> str:
        namespace = await alice.namespace()
        put_raw(foreign_key(namespace, "user:123"))
        put_raw(foreign_key(namespace, "count", value={"N": "41"}))
        return namespace

    async def test_reads_as_version_1(self, alice: Api, namespace: str) -> None:
        got = await alice.get(namespace, "user:123")
        assert json.loads(got["value"]) == {"name": "John", "email": "john@example.com"}
        assert (got["version"], got["ttl"], got["createdAt"]) == (1, None, "2024-01-01T00:00:00Z")
        assert await alice.names(namespace) == ["count", "user:123"]

    async def test_can_be_put(self, alice: Api, namespace: str) -> None:
        put = (await alice.put(namespace, "user:123", 1)).data["putKey"]
        assert (put["version"], put["createdAt"]) == (2, "2024-01-01T00:00:00Z")
        assert await alice.get(namespace, "user:123") == put
        assert (await alice.put(namespace, "user:123", 1)).data["putKey"]["version"] == 3

    @pytest.mark.parametrize(("wanted", "version"), [(0, None), (1, 2), (2, None)])
    async def test_can_be_put_at_version_1_only(
        self, alice: Api, namespace: str, wanted: int, version: int | None
    ) -> None:
        answer = await alice.put(namespace, "user:123", 1, ifVersion=wanted)
        if version is None:
            assert answer.error["data"]["version"] == 1
        else:
            assert answer.data["putKey"]["version"] == version

    async def test_can_be_incremented(self, alice: Api, namespace: str) -> None:
        made = (await alice.increment(namespace, "count", 1)).data["incrementKey"]
        assert (made["value"], made["version"], made["createdAt"]) == ("42", 2, "2024-01-01T00:00:00Z")
        assert (await alice.increment(namespace, "count", 1)).data["incrementKey"]["version"] == 3

    async def test_can_be_touched(self, alice: Api, namespace: str) -> None:
        made = (await alice.touch(namespace, "user:123", 60)).data["touchKey"]
        assert made["version"] == 2
        assert made["ttl"]

    async def test_can_be_deleted_at_version_1(self, alice: Api, namespace: str) -> None:
        assert (await alice.delete(namespace, "user:123", ifVersion=2)).error["data"]["version"] == 1
        assert (await alice.delete(namespace, "user:123", ifVersion=1)).data["deleteKey"]["version"] == 1

    async def test_takes_part_in_transactions_and_batches(self, alice: Api, namespace: str) -> None:
        writes: list[dict[str, Any]] = [
            {"put": {"namespace": namespace, "key": "user:123", "value": 1, "ifVersion": 1}},
            {"check": {"namespace": namespace, "key": "count", "ifVersion": 1}},
        ]
        results = (await alice.transact(writes)).data["transactKeys"]
        assert [result["version"] for result in results] == [2, 1]
        done = (await alice.batch_put([{"namespace": namespace, "key": "count", "value": 1}])).data["batchPutKeys"]
        assert done["items"][0]["version"] == 2

    async def test_that_does_not_fit_the_layout_is_reported_and_not_served_half(
        self, alice: Api, put_raw: PutItem, namespace: str
    ) -> None:
        put_raw(foreign_key(namespace, "odd", createdAt={"N": "1"}))
        answer = await alice('query ($ns: ID!) { key(namespace: $ns, key: "odd") { value } }', ns=namespace)
        assert answer.body["data"] == {"key": None}
        assert answer.error["errorType"] == "CorruptItem"
        assert "createdAt" in answer.error["message"]
