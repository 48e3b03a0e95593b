"""Items of every kind: taken as they stand if they fit, and otherwise refused with what is wrong named."""

from decimal import Decimal
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.attribute_values import tag_item, untag_item
from datastore.client import BotoClient
from datastore.entities.api_key import ApiKeyEntity
from datastore.entities.entity import Entity, attribute_name
from datastore.entities.key import KeyEntity
from datastore.entities.namespace import GrantEntity, MemberEntity, NamespaceEntity
from datastore.entities.replay import ReplayEntity
from datastore.entities.user import UserEntity
from datastore.errors import CorruptItem
from datastore.grants import Grant, NamespaceRole
from datastore.operations import GetItem, PutItem
from datastore.store import Store
from datastore.tables import KV_STORAGE_DATA

MOMENTS = {"createdAt": "2024-01-01T00:00:00Z", "updatedAt": "2024-01-01T00:00:00Z"}
DIGEST = "ab" * 32

# The two items that the table's first description gives as samples, as they stand there.
SEED_USER = {
    "PK": "USER#user123",
    "SK": "METADATA",
    "entityType": "USER",
    "userId": "user123",
    "email": "test@example.com",
    "apiKey": "abc123...",
    "plan": "free",
    **MOMENTS,
}
SEED_KEY = {
    "PK": "NS#myapp",
    "SK": "KEY#user:123",
    "GSI1PK": "NS#myapp",
    "GSI1SK": "KEY#user:123",
    "entityType": "KEY",
    "value": {"name": "John", "email": "john@example.com"},
    **MOMENTS,
}
API_KEY = {
    "PK": f"APIKEY#{DIGEST}",
    "SK": "METADATA",
    "GSI1PK": "USER#alice",
    "GSI1SK": f"APIKEY#2024-01-01T00:00:00Z#{DIGEST}",
    "entityType": "APIKEY",
    "apiKeyId": DIGEST,
    "userId": "alice",
    "name": "first",
    "prefix": "kv_live_abcdef",
    "scopes": ["read", "write"],
    **MOMENTS,
}
NAMESPACE = {
    "PK": "NS#myapp",
    "SK": "METADATA",
    "entityType": "NAMESPACE",
    "namespace": "myapp",
    "ownerId": "alice",
    **MOMENTS,
}
GRANT = {
    "PK": "USER#alice",
    "SK": "NS#myapp",
    "entityType": "NAMESPACE",
    "namespace": "myapp",
    "userId": "alice",
    "role": "OWNER",
    **MOMENTS,
}
MEMBER = {
    "PK": "NS#myapp",
    "SK": "MEMBER#alice",
    "entityType": "MEMBER",
    "userId": "alice",
    "role": "OWNER",
    **MOMENTS,
}
REPLAY = {
    "PK": "USER#alice",
    "SK": f"IDEMPOTENCY#{DIGEST}",
    "entityType": "REPLAY",
    "payload": DIGEST,
    "result": ['{"version": 1}'],
    "ttl": 1_800_000_000,
    **MOMENTS,
}

ITEMS: list[tuple[type[Entity], dict[str, Any]]] = [
    (UserEntity, SEED_USER),
    (KeyEntity, SEED_KEY),
    (ApiKeyEntity, API_KEY),
    (NamespaceEntity, NAMESPACE),
    (GrantEntity, GRANT),
    (MemberEntity, MEMBER),
    (ReplayEntity, REPLAY),
]
IDS = [entity.__name__ for entity, _ in ITEMS]
REQUIRED = [
    (entity, item, name)
    for entity, item in ITEMS
    for name in (attribute_name(field) for field, about in entity.model_fields.items() if about.is_required())
]


@pytest.mark.parametrize(("entity", "item"), ITEMS, ids=IDS)
async def test_an_item_of_a_real_table_reads_back_as_it_stands(
    store: Store, entity: type[Entity], item: dict[str, Any]
) -> None:
    loaded = entity.from_item(item)
    await store.execute(PutItem(loaded.to_item()))
    found = await store.execute(GetItem(loaded.key, consistent=True))
    assert found is not None
    assert entity.from_item(found).to_item() == item


async def test_the_seed_s_samples_put_by_another_program_are_served(
    store: Store, client: BotoClient, table_names: dict[str, str]
) -> None:
    for item in (SEED_USER, SEED_KEY):
        await client.call("PutItem", {"TableName": table_names[KV_STORAGE_DATA.name], "Item": tag_item(item)})
    user = await store.execute(GetItem(AccessPattern.GET_USER.key(user_id="user123")))
    grant = Grant("user123", "myapp", NamespaceRole.OWNER)
    key = await store.execute(GetItem(AccessPattern.GET_KEY.key(grant, key="user:123")))
    assert (user, key) == (SEED_USER, SEED_KEY)
    assert UserEntity.from_item(user or {}).email == "test@example.com"
    assert KeyEntity.from_item(key or {}).value == {"name": "John", "email": "john@example.com"}


def test_every_entity_requires_its_keys_type_and_moments() -> None:
    for entity, item in ITEMS:
        named = {name for each, _, name in REQUIRED if each is entity}
        assert {"PK", "SK", "entityType", "createdAt", "updatedAt"} <= named <= item.keys()


@pytest.mark.parametrize(
    ("entity", "item", "name"), REQUIRED, ids=[f"{entity.__name__}-{name}" for entity, _, name in REQUIRED]
)
def test_an_item_without_a_required_attribute_is_refused_by_its_name(
    entity: type[Entity], item: dict[str, Any], name: str
) -> None:
    with pytest.raises(CorruptItem, match=rf"valid {entity.__name__}: {name}: Field required"):
        entity.from_item({other: value for other, value in item.items() if other != name})


@pytest.mark.parametrize(
    ("entity", "item", "name"), REQUIRED, ids=[f"{entity.__name__}-{name}" for entity, _, name in REQUIRED]
)
def test_a_required_attribute_of_another_type_is_refused_by_its_name(
    entity: type[Entity], item: dict[str, Any], name: str
) -> None:
    with pytest.raises(CorruptItem, match=rf"{name}: "):
        entity.from_item({**item, name: {"another": "type"}})


@pytest.mark.parametrize(("entity", "item"), ITEMS, ids=IDS)
def test_an_item_of_another_kind_is_refused_by_its_entity_type(entity: type[Entity], item: dict[str, Any]) -> None:
    with pytest.raises(CorruptItem, match="entityType 'OTHER', not"):
        entity.from_item({**item, "entityType": "OTHER"})


@pytest.mark.parametrize(
    ("entity", "item", "name", "wrong"),
    [
        *[(UserEntity, SEED_USER, "PK", text) for text in ("user123", "USER#", "USER#a#b", "USER#a\n", "xUSER#a")],
        *[(UserEntity, SEED_USER, "SK", text) for text in ("", "metadata", "METADATA\n")],
        (UserEntity, SEED_USER, "GSI1PK", "APIKEY#abc"),
        (UserEntity, SEED_USER, "GSI2SK", "test@example.com"),
        (UserEntity, SEED_USER, "plan", "gold"),
        (UserEntity, SEED_USER, "status", "active"),
        (UserEntity, SEED_USER, "requestCount", Decimal("1.5")),
        (UserEntity, SEED_USER, "requestCount", True),
        *[(KeyEntity, SEED_KEY, "PK", text) for text in ("NS#A", "NS#a", "NS#my app", "NS#myapp\n", "USER#a")],
        *[(KeyEntity, SEED_KEY, "SK", text) for text in ("METADATA", "user:123")],
        *[(KeyEntity, SEED_KEY, "GSI1PK", text) for text in ("NS#", "USER#a")],
        *[(KeyEntity, SEED_KEY, "ttl", value) for value in ("1800000000", Decimal("1.5"), 1.0, True)],
        *[(KeyEntity, SEED_KEY, "version", value) for value in ("1", Decimal("0.5"))],
        *[
            (KeyEntity, SEED_KEY, name, text)
            for name in ("createdAt", "updatedAt")
            for text in (
                "",
                "2024-01-01",
                "01.01.2024",
                "2024-01-01T00:00:00",
                "2024-01-01T00:00:00Z\n",
                "\u0662024-01-01T00:00Z",
            )
        ],
        (ApiKeyEntity, API_KEY, "PK", "APIKEY#kv_live_abc"),
        (ApiKeyEntity, API_KEY, "scopes", "read"),
        (NamespaceEntity, NAMESPACE, "status", "GONE"),
        (GrantEntity, GRANT, "SK", "NS#A"),
        (GrantEntity, GRANT, "role", "KING"),
        (MemberEntity, MEMBER, "SK", "MEMBER#a#b"),
        (ReplayEntity, REPLAY, "ttl", None),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else ascii(value)[:24],
)
def test_a_wrong_format_or_type_is_refused_by_the_attribute_s_name(
    entity: type[Entity], item: dict[str, Any], name: str, wrong: Any
) -> None:
    with pytest.raises(CorruptItem, match=rf"(: |; ){name}: "):
        entity.from_item({**item, name: wrong})


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(CorruptItem) as refused:
        KeyEntity.from_item({"PK": "x", "SK": "KEY#a", "ttl": "soon", "entityType": "KEY"})
    for name in ("PK", "ttl", "createdAt", "updatedAt"):
        assert f"{name}: " in refused.value.message


def test_the_attributes_of_an_item_go_by_their_stored_names_only() -> None:
    item = {**SEED_KEY, "created_at": SEED_KEY["createdAt"], "pk": SEED_KEY["PK"]}
    del item["createdAt"]
    with pytest.raises(CorruptItem, match="createdAt: Field required"):
        KeyEntity.from_item(item)


def test_attributes_of_another_program_are_left_alone_and_not_shown() -> None:
    loaded = KeyEntity.from_item({**SEED_KEY, "colour": "red"})
    assert loaded.to_item() == SEED_KEY


def test_a_whole_number_written_as_a_decimal_is_whole() -> None:
    item = untag_item({**tag_item(SEED_KEY), "ttl": {"N": "1.8E+9"}})
    assert KeyEntity.from_item(item).ttl == 1_800_000_000


def test_an_entity_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        KeyEntity.from_item(SEED_KEY).version = 2


@pytest.mark.parametrize(
    ("field", "name"),
    [("pk", "PK"), ("sk", "SK"), ("gsi4_sk", "GSI4SK"), ("entity_type", "entityType"), ("ttl", "ttl")],
)
def test_fields_have_the_names_that_are_stored(field: str, name: str) -> None:
    assert attribute_name(field) == name


def test_what_an_update_may_set_has_no_primary_key() -> None:
    attributes = KeyEntity.from_item(SEED_KEY).to_attributes()
    assert attributes == {name: value for name, value in SEED_KEY.items() if name not in ("PK", "SK")}
