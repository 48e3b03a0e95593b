"""The administrator of a laptop: one person for good, and a key that is kept in a file."""

import asyncio
from pathlib import Path

import pytest

from datastore.access_patterns import AccessPattern
from datastore.api_keys import digest_api_key, is_api_key, make_api_key
from datastore.entities.api_key import ApiKeyEntity
from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import UserEntity
from datastore.local_admin import local_admin_key
from datastore.operations import DeleteItem, GetItem, Query
from datastore.store import Store


async def admin(store: Store) -> UserEntity:
    item = await store.execute(GetItem(AccessPattern.GET_USER.key(user_id="admin"), consistent=True))
    return UserEntity.from_item(item or {})


async def assignment(store: Store) -> AssignmentEntity:
    item = await store.execute(GetItem(AccessPattern.GET_ASSIGNMENT.key(user_id="admin"), consistent=True))
    return AssignmentEntity.from_item(item or {})


async def stored(store: Store, text: str) -> ApiKeyEntity:
    key = AccessPattern.GET_API_KEY.key(digest=digest_api_key(text))
    return ApiKeyEntity.from_item(await store.execute(GetItem(key, consistent=True)) or {})


async def test_the_first_start_makes_an_administrator_and_a_key(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "admin-api-key"
    text = await local_admin_key(store, path)
    assert is_api_key(text)
    assert path.read_text() == text + "\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (await admin(store)).role == "admin"
    assert (await admin(store)).plan == (await assignment(store)).tier == "scale"
    key = await stored(store, text)
    assert (key.user_id, key.scopes) == ("admin", ["read", "write", "admin"])


async def test_the_next_start_finds_the_same_key(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "admin-api-key"
    assert await local_admin_key(store, path) == await local_admin_key(store, path)


async def test_a_lost_file_brings_a_new_key_of_the_same_administrator(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "admin-api-key"
    first = await local_admin_key(store, path)
    before = await admin(store)
    path.unlink()
    second = await local_admin_key(store, path)
    assert second != first
    assert await admin(store) == before
    assert (await stored(store, second)).user_id == "admin"


@pytest.mark.parametrize("text", ["", "not a key", make_api_key(b"x" * 24)], ids=["empty", "malformed", "unknown"])
async def test_a_file_whose_key_the_table_does_not_know_is_replaced(store: Store, tmp_path: Path, text: str) -> None:
    path = tmp_path / "admin-api-key"
    path.write_text(text)
    made = await local_admin_key(store, path)
    assert made != text
    assert path.read_text() == made + "\n"
    assert path.stat().st_mode & 0o777 == 0o600


async def test_two_servers_that_start_at_once_agree_on_one_key(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "admin-api-key"
    texts = await asyncio.gather(*(local_admin_key(store, path) for _ in range(4)))
    assert {text + "\n" for text in texts} == {path.read_text()}
    keys = await store.execute(Query(AccessPattern.LIST_API_KEYS.range(user_id="admin"), limit=10))
    assert [item["apiKeyId"] for item in keys.items] == [digest_api_key(texts[0])]


async def test_a_revoked_key_does_not_come_back(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "admin-api-key"
    first = await local_admin_key(store, path)
    await store.execute(DeleteItem(AccessPattern.GET_API_KEY.key(digest=digest_api_key(first))))
    assert await local_admin_key(store, path) != first
