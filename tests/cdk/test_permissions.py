"""What the server may do is what the access patterns do."""

import pytest

from cdk.permissions import Permission, operations, permissions
from datastore.access_patterns import AccessPattern
from datastore.tables import GSI1, KV_STORAGE_DATA, TABLES, Table


def test_patterns_of_one_place_become_one_permission() -> None:
    patterns = [AccessPattern.LIST_KEYS, AccessPattern.LIST_NAMESPACES, AccessPattern.GET_USER_BY_API_KEY]
    assert permissions(patterns) == (
        Permission(KV_STORAGE_DATA, GSI1, ("dynamodb:Query",)),
        Permission(KV_STORAGE_DATA, None, ("dynamodb:Query",)),
    )


@pytest.mark.parametrize("pattern", AccessPattern)
def test_every_pattern_is_permitted_where_it_reads_and_writes(pattern: AccessPattern) -> None:
    (permission,) = (found for found in permissions() if (found.table, found.index) == (pattern.table, pattern.index))
    assert {f"dynamodb:{action}" for action in pattern.actions.split()} <= set(permission.actions)


def test_nothing_is_permitted_that_no_pattern_does() -> None:
    for permission in permissions():
        rows = [row for row in AccessPattern if (row.table, row.index) == (permission.table, permission.index)]
        used = {action for row in rows for action in row.actions.split()}
        assert {action.removeprefix("dynamodb:") for action in permission.actions} == used


def test_no_pattern_scans() -> None:
    assert [table.name for table in TABLES if "Scan" in operations(table)] == []


def test_a_table_that_no_pattern_uses_has_no_operations() -> None:
    assert operations(Table("unused", "Nothing")) == ()
