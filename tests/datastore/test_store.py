"""The store runs each operation on any engine, repeats what may be repeated, and forgets identities that change."""

import asyncio
from decimal import Decimal

import pytest

from datastore.access_patterns import AccessPattern
from datastore.client import BotoClient
from datastore.errors import (
    BadRequest,
    ConditionFailed,
    LimitExceeded,
    StoreFault,
    TransactionCancelled,
)
from datastore.expressions import Increment, Update, equals, exists, missing
from datastore.local_engine import Engine
from datastore.operations import (
    BatchGetItem,
    BatchWriteItem,
    ConditionCheck,
    DeleteItem,
    GetItem,
    HashPassword,
    Nothing,
    Operation,
    PutItem,
    Query,
    TransactWriteItems,
    UpdateItem,
)
from datastore.store import Store
from datastore.tables import KV_STORAGE_DATA
from tests.datastore.stores import GRANT, item_of, key_of, make_store
from tests.recording_client import RecordingClient

APPLE, PEAR = key_of("apple"), key_of("pear")


# On both engines (D1).


async def test_an_item_put_is_the_item_got(any_store: Store) -> None:
    item = item_of("apple", value={"n": Decimal("0.1"), "l": [None, True, "é\0😀"], "m": {}})
    assert await any_store.execute(GetItem(APPLE)) is None
    assert await any_store.execute(PutItem(item)) is None
    assert await any_store.execute(GetItem(APPLE, consistent=True)) == item
    assert await any_store.execute(PutItem(item_of("apple"))) == item


async def test_a_conditional_put_is_refused_with_the_item_that_is_there(any_store: Store) -> None:
    await any_store.execute(PutItem(item_of("apple", value=1), missing("PK")))
    with pytest.raises(ConditionFailed) as refused:
        await any_store.execute(PutItem(item_of("apple", value=2), missing("PK")))
    assert refused.value.item == item_of("apple", value=1)
    assert await any_store.execute(GetItem(APPLE)) == item_of("apple", value=1)


async def test_an_update_makes_what_is_absent_and_answers_old_or_new(any_store: Store) -> None:
    count = Update({"n": Increment(1, start=10), "m": Increment(Decimal("0.5"))})
    made = await any_store.execute(UpdateItem(APPLE, count))
    assert made == {**APPLE.attributes(), "n": 11, "m": Decimal("0.5")}
    assert await any_store.execute(UpdateItem(APPLE, count, returns="ALL_OLD")) == made
    assert await any_store.execute(UpdateItem(PEAR, count, returns="ALL_OLD")) is None


async def test_an_update_whose_condition_fails_leaves_no_trace(any_store: Store) -> None:
    with pytest.raises(ConditionFailed) as refused:
        await any_store.execute(UpdateItem(APPLE, Update({"n": 1}), exists("PK")))
    assert refused.value.item is None
    assert await any_store.execute(GetItem(APPLE)) is None


async def test_a_delete_answers_what_was_there(any_store: Store) -> None:
    await any_store.execute(PutItem(item_of("apple")))
    with pytest.raises(ConditionFailed):
        await any_store.execute(DeleteItem(APPLE, equals("version", 2)))
    assert await any_store.execute(DeleteItem(APPLE, equals("version", 1))) == item_of("apple")
    assert await any_store.execute(DeleteItem(APPLE)) is None
    assert await any_store.execute(GetItem(APPLE)) is None


@pytest.mark.parametrize("pattern", [AccessPattern.LIST_KEYS, AccessPattern.LIST_KEYS_CONSISTENT])
async def test_a_query_answers_the_keys_of_a_prefix_in_order(any_store: Store, pattern: AccessPattern) -> None:
    names = ["b", "a/2", "a/10", "a", "A", "é", "a/1"]
    await any_store.execute(BatchWriteItem(puts=tuple(map(item_of, names))))
    page = await any_store.execute(Query(pattern.range(GRANT, prefix="a"), limit=10))
    assert [item["SK"] for item in page.items] == ["KEY#a", "KEY#a/1", "KEY#a/10", "KEY#a/2"]
    assert not page.more
    backwards = await any_store.execute(Query(pattern.range(GRANT), limit=2, reverse=True))
    assert [item["SK"] for item in backwards.items] == ["KEY#é", "KEY#b"]
    assert backwards.more


async def test_a_batch_is_written_and_read_in_the_order_of_its_keys(any_store: Store) -> None:
    names = [f"k{number:03}" for number in range(60)]
    keys = tuple(map(key_of, names))
    assert await any_store.execute(BatchWriteItem(puts=tuple(map(item_of, names)))) == ()
    assert await any_store.execute(BatchWriteItem(deletes=keys[:30])) == ()
    found = await any_store.execute(BatchGetItem(keys[::-1], consistent=True))
    assert found == (*map(item_of, names[:29:-1]), *[None] * 30)


async def test_a_transaction_does_all_of_its_writes(any_store: Store) -> None:
    await any_store.execute(PutItem(item_of("old")))
    writes = (
        PutItem(item_of("apple"), missing("PK")),
        UpdateItem(PEAR, Update({"n": Increment(1)})),
        DeleteItem(key_of("old"), exists("PK")),
        ConditionCheck(key_of("none"), missing("PK")),
    )
    assert await any_store.execute(TransactWriteItems(writes)) is None
    found = await any_store.execute(BatchGetItem((APPLE, PEAR, key_of("old"), key_of("none"))))
    assert found == (item_of("apple"), {**PEAR.attributes(), "n": 1}, None, None)


async def test_a_transaction_does_none_of_its_writes_and_says_which_was_refused(any_store: Store) -> None:
    await any_store.execute(PutItem(item_of("apple")))
    writes = (
        PutItem(item_of("pear")),
        PutItem(item_of("apple", value=2), missing("PK")),
        ConditionCheck(key_of("none"), exists("PK")),
    )
    with pytest.raises(TransactionCancelled) as cancelled:
        await any_store.execute(TransactWriteItems(writes))
    codes = [reason.code for reason in cancelled.value.reasons]
    assert codes == ["None", "ConditionalCheckFailed", "ConditionalCheckFailed"]
    assert cancelled.value.reasons[1].item == item_of("apple")
    assert await any_store.execute(BatchGetItem((APPLE, PEAR))) == (item_of("apple"), None)


async def test_an_item_that_is_too_big_is_refused_with_the_limit(any_store: Store) -> None:
    with pytest.raises(LimitExceeded, match="409600 bytes"):
        await any_store.execute(PutItem(item_of("apple", value="x" * 409_600)))


async def test_a_table_that_is_not_there_is_a_fault_of_the_store(client: BotoClient) -> None:
    with make_store(client, {KV_STORAGE_DATA.name: "no-such-table"}) as store:
        with pytest.raises(StoreFault, match="ResourceNotFoundException"):
            await store.execute(GetItem(APPLE))
        with pytest.raises(StoreFault):
            await store.check()


# On the local engine only: moto lets a number grow past what DynamoDB holds.


async def test_a_number_that_grows_out_of_range_is_refused(store: Store) -> None:
    await store.execute(UpdateItem(APPLE, Update({"n": Decimal("9E+125")})))
    with pytest.raises(BadRequest, match="DynamoDB can't hold the number"):
        await store.execute(UpdateItem(APPLE, Update({"n": Increment(Decimal("9E+125"))})))


async def test_readiness_is_one_read(store: Store, recording: RecordingClient) -> None:
    await store.check()
    assert recording.actions() == ["GetItem"]


async def test_50_increments_at_once_count_50(store: Store) -> None:
    count = UpdateItem(APPLE, Update({"n": Increment(1)}))
    answers = await asyncio.gather(*(store.execute(count) for _ in range(50)))
    assert sorted(answer["n"] for answer in answers if answer) == list(range(1, 51))


async def test_what_has_no_data_source_asks_nothing(store: Store, recording: RecordingClient) -> None:
    assert await store.execute(Nothing()) is None
    assert (await store.execute(HashPassword("correct horse"))).startswith("$argon2id$")
    assert recording.sent == []


async def test_what_is_no_operation_is_refused_by_name(store: Store) -> None:
    with pytest.raises(TypeError, match="Operation is not an operation of the store"):
        await store.execute(Operation())


async def test_closing_ends_threads_and_connections(engine: Engine) -> None:
    client = BotoClient(region="us-east-1", endpoint_url=engine.endpoint_url)
    with make_store(client) as store:
        await store.close()
        with pytest.raises(RuntimeError, match="shutdown"):
            await store.execute(GetItem(APPLE))
