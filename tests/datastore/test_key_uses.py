"""When API keys were last used: about once an hour for each, and by no request."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from datastore.api_keys import make_api_key
from datastore.entities.api_key import ApiKeyEntity
from datastore.expressions import Update
from datastore.key_uses import KeyUses
from datastore.operations import DeleteItem, GetItem, PutItem, UpdateItem
from datastore.store import Store
from tests.clock import Clock
from tests.datastore.stores import MOMENT
from tests.recording_client import RecordingClient


def new_key(number: int) -> ApiKeyEntity:
    text = make_api_key(bytes([number]) * 24)
    return ApiKeyEntity.new(text, user_id="alice", name="n", scopes=["read"], created_at=MOMENT)


KEY = new_key(1)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


@pytest.fixture
async def uses(store: Store, clock: Clock) -> KeyUses:
    await store.execute(PutItem(KEY.to_item()))
    return KeyUses(store, clock=clock, turn_seconds=0.001)


async def kept(store: Store, entity: ApiKeyEntity = KEY) -> ApiKeyEntity | None:
    item = await store.execute(GetItem(entity.key, consistent=True))
    return ApiKeyEntity.from_item(item) if item else None


async def turn(uses: KeyUses, store: Store) -> None:
    uses.write()
    await store.deferred.settled()


async def test_many_uses_are_one_write_and_none_before_the_turn(
    uses: KeyUses, store: Store, recording: RecordingClient
) -> None:
    recording.sent.clear()
    for _ in range(100):
        uses.note(KEY)
    assert recording.actions() == []
    await turn(uses, store)
    await turn(uses, store)
    assert recording.actions() == ["UpdateItem"]
    found = await kept(store)
    assert found is not None
    assert found.last_used_at == "2026-01-02T03:04:05.000Z"
    assert found.model_copy(update={"last_used_at": None}) == KEY.model_copy(update={"last_used_at": None})


async def test_it_is_written_again_after_an_hour(
    uses: KeyUses, store: Store, clock: Clock, recording: RecordingClient
) -> None:
    uses.note(KEY)
    await turn(uses, store)
    recording.sent.clear()
    for minutes, written in ((59, 0), (1, 1), (30, 1)):
        clock.now += timedelta(minutes=minutes)
        uses.note(await kept(store) or KEY)
        await turn(uses, store)
        assert recording.actions().count("UpdateItem") == written


async def test_another_process_that_was_quicker_wins(uses: KeyUses, store: Store) -> None:
    """What this process remembers of the key is older than what the other has written."""
    await store.execute(UpdateItem(KEY.key, Update({"lastUsedAt": "2026-01-02T03:00:00.000Z"})))
    uses.note(KEY)
    await turn(uses, store)
    assert ((await kept(store)) or KEY).last_used_at == "2026-01-02T03:00:00.000Z"


async def test_a_key_that_was_revoked_meanwhile_does_not_come_back(uses: KeyUses, store: Store) -> None:
    uses.note(KEY)
    await store.execute(DeleteItem(KEY.key))
    await turn(uses, store)
    assert await kept(store) is None


async def test_it_takes_its_turns_until_cancelled(uses: KeyUses, store: Store) -> None:
    other = new_key(2)
    await store.execute(PutItem(other.to_item()))
    running = asyncio.create_task(uses.run())
    for entity in (KEY, other):
        uses.note(entity)
        async with asyncio.timeout(10):
            while not ((await kept(store, entity)) or entity).last_used_at:  # noqa: ASYNC110 - it is in the table
                await asyncio.sleep(0.001)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert running.cancelled()
