"""batchPutKeys and batchDeleteKeys: split by 25, asked again for what was left, honest about the rest."""

from collections.abc import Mapping
from typing import Any

import pytest

from datastore.errors import Unavailable
from tests.api import Api
from tests.recording_client import Sent


def puts(namespace: str, count: int) -> list[dict[str, Any]]:
    return [{"namespace": namespace, "key": f"{n:03}", "value": n} for n in range(count)]


def batch_sizes(api: Api) -> list[int]:
    requests = [sent.parameters["RequestItems"] for sent in api.client.sent if sent.action == "BatchWriteItem"]
    return [len(actions) for request in requests for actions in request.values()]


class LeavesOut:
    """Makes the table leave some keys unprocessed: all of a call's but the first `takes`, `times` times."""

    def __init__(self, api: Api, *, takes: int, times: int) -> None:
        self._takes, self._left = takes, times
        self._held: list[Any] = []
        api.client.before = self._hold_back
        api.client.after = self._leave_out

    def _hold_back(self, sent: Sent) -> None:
        if sent.action == "BatchWriteItem" and self._left > 0:
            self._left -= 1
            for table, actions in sent.parameters["RequestItems"].items():
                self._held = list(actions[self._takes :])
                sent.parameters["RequestItems"][table] = actions[: self._takes] or actions[:1]

    def _leave_out(self, sent: Sent, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        held, self._held = self._held, []
        if sent.action != "BatchWriteItem" or not held:
            return answer
        (table,) = sent.parameters["RequestItems"]
        return {**answer, "UnprocessedItems": {table: held}}


async def test_60_puts_are_three_calls_and_answer_in_the_order_given(alice: Api) -> None:
    namespace = await alice.namespace()
    alice.client.sent.clear()
    done = (await alice.batch_put(puts(namespace, 60))).data["batchPutKeys"]
    assert batch_sizes(alice) == [25, 25, 10]
    assert [key["key"] for key in done["items"]] == [f"{n:03}" for n in range(60)]
    assert done["unprocessed"] == []
    assert await alice.get(namespace, "059") == done["items"][59]


async def test_60_deletes_are_three_calls(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.batch_put(puts(namespace, 60))
    alice.client.sent.clear()
    names = [f"{n:03}" for n in range(60)]
    assert (await alice.batch_delete(namespace, names)).data["batchDeleteKeys"] == {"keys": names, "unprocessed": []}
    assert batch_sizes(alice) == [25, 25, 10]
    assert await alice.names(namespace, consistent=True) == []


async def test_a_batch_counts_versions_on_as_single_puts_do(alice: Api) -> None:
    namespace = await alice.namespace()
    first = (await alice.put(namespace, "000", 1)).data["putKey"]
    items = (await alice.batch_put(puts(namespace, 2))).data["batchPutKeys"]["items"]
    assert [(item["version"], item["createdAt"] == first["createdAt"]) for item in items] == [(2, True), (1, False)]


async def test_what_the_table_leaves_unprocessed_is_asked_for_again(alice: Api) -> None:
    namespace = await alice.namespace()
    LeavesOut(alice, takes=10, times=2)
    alice.client.sent.clear()
    done = (await alice.batch_put(puts(namespace, 25))).data["batchPutKeys"]
    assert (len(done["items"]), done["unprocessed"]) == (25, [])
    assert batch_sizes(alice) == [10, 10, 5]
    assert await alice.names(namespace, limit=100, consistent=True) == [f"{n:03}" for n in range(25)]


async def test_what_the_table_never_takes_is_named(alice: Api) -> None:
    namespace = await alice.namespace()
    alice.client.after = never_take("001", "003")
    done = (await alice.batch_put(puts(namespace, 5))).data["batchPutKeys"]
    assert done["unprocessed"] == ["001", "003"]
    assert [item["key"] for item in done["items"]] == ["000", "002", "004"]


async def test_what_the_table_never_deletes_is_named(alice: Api) -> None:
    namespace = await alice.namespace()
    alice.client.after = never_take("001")
    done = (await alice.batch_delete(namespace, ["000", "001"])).data["batchDeleteKeys"]
    assert done == {"keys": ["000"], "unprocessed": ["001"]}


async def test_when_the_table_stops_answering_halfway_the_rest_is_named(alice: Api) -> None:
    namespace = await alice.namespace()
    calls = iter(range(100))

    def refuse_from_the_second(sent: Sent) -> None:
        if sent.action == "BatchWriteItem" and next(calls) >= 1:
            raise Unavailable("The table is not answering at the moment; try again.")

    alice.client.before = refuse_from_the_second
    done = (await alice.batch_put(puts(namespace, 60))).data["batchPutKeys"]
    assert [item["key"] for item in done["items"]] == [f"{n:03}" for n in range(25)]
    assert done["unprocessed"] == [f"{n:03}" for n in range(25, 60)]


@pytest.mark.parametrize("more", [{"ifVersion": 0}, {"idempotencyKey": "t"}])
async def test_conditions_and_tokens_are_refused_with_what_to_use_instead(alice: Api, more: dict[str, Any]) -> None:
    namespace = await alice.namespace()
    error = (await alice.batch_put([{"namespace": namespace, "key": "a", "value": 1, **more}])).error
    assert error["errorType"] == "BadRequest"
    assert "transactKeys" in error["message"]
    assert await alice.get(namespace, "a") is None


async def test_500_go_through_and_501_are_refused_with_the_number(alice: Api) -> None:
    namespace = await alice.namespace()
    batch = puts(namespace, 501)
    names = [put["key"] for put in batch]
    for refused in (await alice.batch_put(batch), await alice.batch_delete(namespace, names)):
        assert refused.error["errorType"] == "LimitExceeded"
        assert "1 to 500 keys; 501 were given" in refused.error["message"]
    assert len((await alice.batch_put(batch[:500])).data["batchPutKeys"]["items"]) == 500
    assert len((await alice.batch_delete(namespace, names[:500])).data["batchDeleteKeys"]["keys"]) == 500


async def test_no_key_at_all_is_refused(alice: Api) -> None:
    namespace = await alice.namespace()
    for refused in (await alice.batch_put([]), await alice.batch_delete(namespace, [])):
        assert (refused.error["errorType"], refused.error["message"]) == (
            "BadRequest",
            "A batch needs at least one key.",
        )


async def test_a_key_named_twice_is_refused_in_puts_and_deleted_once_in_deletes(alice: Api) -> None:
    namespace = await alice.namespace()
    put = puts(namespace, 1)[0]
    error = (await alice.batch_put([put, put])).error
    assert "'000' is named twice" in error["message"]
    done = (await alice.batch_delete(namespace, ["000", "000"])).data["batchDeleteKeys"]
    assert done == {"keys": ["000"], "unprocessed": []}


async def test_one_put_that_is_too_large_stops_the_batch_before_anything_is_written(alice: Api) -> None:
    namespace = await alice.namespace()
    batch = [*puts(namespace, 2), {"namespace": namespace, "key": "large", "value": '"' + "x" * 409_600 + '"'}]
    assert (await alice.batch_put(batch)).error["errorType"] == "LimitExceeded"
    assert await alice.names(namespace, consistent=True) == []


async def test_a_namespace_that_is_not_the_callers_stops_the_batch(alice: Api, bob: Api) -> None:
    mine, theirs = await alice.namespace(), await bob.namespace()
    assert (await alice.batch_put([*puts(mine, 1), *puts(theirs, 1)])).error["errorType"] == "NotFound"
    assert await alice.get(mine, "000") is None


def never_take(*names: str) -> Any:
    """The table says of these keys that it left them, however often it is asked."""
    sort_keys = {f"KEY#{name}" for name in names}

    def is_left(action: Mapping[str, Any]) -> bool:
        key = action["PutRequest"]["Item"] if "PutRequest" in action else action["DeleteRequest"]["Key"]
        return key["SK"]["S"] in sort_keys

    def after(sent: Sent, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        if sent.action != "BatchWriteItem":
            return answer
        left = {table: list(filter(is_left, actions)) for table, actions in sent.parameters["RequestItems"].items()}
        return {**answer, "UnprocessedItems": {table: actions for table, actions in left.items() if actions}}

    return after
