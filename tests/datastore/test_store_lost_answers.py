"""An answer that is lost on its way: the write shows by its writeId, or its token, that it was ours (R2, R3)."""

from collections.abc import Mapping

import pytest

from datastore.client import BotoClient
from datastore.errors import (
    ConditionFailed,
)
from datastore.expressions import Increment, Update, differs, equals, missing
from datastore.local_engine import Engine
from datastore.operations import (
    DeleteItem,
    GetItem,
    PutItem,
    TransactWriteItems,
    UpdateItem,
)
from datastore.store import Store
from tests.datastore.loopback import lose, wire
from tests.datastore.stores import item_of, key_of, make_store
from tests.recording_client import RecordingClient

APPLE, PEAR = key_of("apple"), key_of("pear")


async def test_a_conditional_write_whose_answer_is_lost_is_found_done_once(
    engine: Engine, store: Store, table_names: Mapping[str, str]
) -> None:
    item = item_of("apple", writeId="mine")
    update = Update({"version": Increment(1), "writeId": "mine too"})
    with wire(lose("PutItem"), engine.endpoint_url) as between, wire(lose("UpdateItem"), engine.endpoint_url) as other:
        for url, write, expected in (
            (between.endpoint_url, PutItem(item, missing("PK")), item),
            (
                other.endpoint_url,
                UpdateItem(APPLE, update, equals("version", 1) & differs("writeId", "mine too")),
                {**item, "version": 2, "writeId": "mine too"},
            ),
        ):
            client = BotoClient(region="us-east-1", endpoint_url=url)
            with make_store(client, table_names) as losing, pytest.raises(ConditionFailed) as refused:
                await losing.execute(write)
            await client.close()
            assert refused.value.item == expected
            assert await store.execute(GetItem(APPLE, consistent=True)) == expected
    assert between.actions == ["PutItem"] * 2
    assert other.actions == ["UpdateItem"] * 2


async def test_a_transaction_whose_answer_is_lost_is_a_success_written_once(
    engine: Engine, store: Store, table_names: Mapping[str, str]
) -> None:
    with wire(lose("TransactWriteItems"), engine.endpoint_url) as between:
        client = BotoClient(region="us-east-1", endpoint_url=between.endpoint_url)
        with make_store(client, table_names) as losing:
            count = UpdateItem(PEAR, Update({"n": Increment(1)}))
            await losing.execute(TransactWriteItems((PutItem(item_of("apple"), missing("PK")), count)))
        await client.close()
    assert between.actions == ["TransactWriteItems"] * 2
    assert await store.execute(GetItem(PEAR, consistent=True)) == {**PEAR.attributes(), "n": 1}


async def test_a_delete_that_was_sent_twice_leaves_its_namespace_in_doubt(
    store: Store, recording: RecordingClient
) -> None:
    """The first one, which was not answered, may have deleted; what it took away nobody knows."""
    await store.execute(PutItem(item_of("a")))
    await store.execute(DeleteItem(key_of("a")))
    assert store.meter.in_doubt == set()
    await store.execute(PutItem(item_of("a")))
    recording.repeats = lambda sent: sent.action == "DeleteItem"
    assert await store.execute(DeleteItem(key_of("a"))) is None
    assert store.meter.in_doubt == {"NS#fruit"}
