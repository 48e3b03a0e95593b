"""Values as evaluation prints them."""

from decimal import Decimal

import pytest

from datastore.entities.key import KeyEntity
from datastore.errors import ConditionFailed
from datastore.expressions import IfMissing, Increment, Update, equals, missing
from datastore.native_values import NULL
from datastore.tables import GSI1, KV_STORAGE_DATA
from resolvers.context import Identity
from resolvers.evaluation.rendering import dump, plain
from resolvers.inputs import PutKey
from tests.resolvers.contexts import key_item, user, view


def test_expressions_have_names_and_values_in_their_places() -> None:
    condition = missing("PK") | (equals("version", 3) & equals("kind", "a"))
    assert plain(condition) == '(attribute_not_exists(PK) OR (version = 3 AND kind = "a"))'
    update = Update({"n": Increment(Decimal("0.1")), "at": IfMissing("now")}, remove=("ttl",))
    assert plain(update) == 'SET n = if_not_exists(n, 0) + 0.1, at = if_not_exists(at, "now") REMOVE ttl'


def test_a_key_looks_as_the_api_shows_it() -> None:
    shown = plain(KeyEntity.from_item(key_item(value={"a": [True, None]})))
    assert (shown["namespace"], shown["key"], shown["value"]) == ("shop", "k", '{"a":[true,null]}')
    assert not shown.keys() & {"PK", "SK", "GSI1PK", "writeId", "entityType"}
    assert shown["size"] == KeyEntity.from_item(key_item(value={"a": [True, None]})).size


def test_a_key_of_another_program_may_have_no_value() -> None:
    assert plain(KeyEntity.from_item(key_item(value=None)))["value"] is None


def test_a_namespace_has_its_id_and_the_callers_role() -> None:
    shown = plain(view(description="Ours"))
    assert (shown["id"], shown["role"], shown["description"]) == ("shop", "OWNER", "Ours")
    assert "namespace" not in shown


def test_a_users_password_hash_is_never_shown() -> None:
    assert "secret hash" not in dump(user(passwordHash="secret hash"))


def test_refusals_have_message_type_data_and_info() -> None:
    shown = plain(ConditionFailed("No.", data=[KeyEntity.from_item(key_item()), None]))
    assert (shown["message"], shown["type"], shown["info"]) == ("No.", ConditionFailed.type, None)
    assert [each and each["key"] for each in shown["data"]] == ["k", None]


def test_tables_and_indexes_are_their_names_and_a_null_that_is_there_is_null() -> None:
    assert plain((KV_STORAGE_DATA, GSI1, NULL)) == ["kv-storage-data", "GSI1", None]


def test_other_values_are_objects_with_names_in_camel_case() -> None:
    assert plain(PutKey("shop", "k", 1, if_version=0))["ifVersion"] == 0
    assert plain(Identity("alice", frozenset({"write", "read"}))) == {
        "userId": "alice",
        "scopes": ["read", "write"],
        "apiKeyId": None,
        "sessionId": None,
        "role": "member",
        "permissions": [],
        "plan": "free",
        "email": None,
    }


def test_numbers_are_written_exactly() -> None:
    assert dump({"n": Decimal("0.10000000000000000000000000000000000001")}).split()[2] == (
        "0.10000000000000000000000000000000000001"
    )
    assert dump([10**30, -(10**30), True]).split() == ["[", f"{10**30},", f"{-(10**30)},", "true", "]"]


def test_what_has_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable: complex"):
        dump(1j)
