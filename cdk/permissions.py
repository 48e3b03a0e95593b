"""What the server may do: exactly the actions of the access patterns, on the tables and indexes that they use."""

from collections.abc import Iterable
from dataclasses import dataclass

from datastore.access_patterns import AccessPattern
from datastore.tables import Index, Table


@dataclass(frozen=True)
class Permission:
    """`actions` on a table itself, or on one index of it."""

    table: Table
    index: Index | None
    actions: tuple[str, ...]


def permissions(patterns: Iterable[AccessPattern] = AccessPattern) -> tuple[Permission, ...]:
    """One permission for each table and index in use. A transaction needs the actions of its parts, and no other."""
    actions: dict[tuple[Table, Index | None], set[str]] = {}
    for pattern in patterns:
        actions.setdefault((pattern.table, pattern.index), set()).update(pattern.actions.split())
    return tuple(
        Permission(table, index, tuple(f"dynamodb:{action}" for action in sorted(found)))
        for (table, index), found in actions.items()
    )


def operations(table: Table) -> tuple[str, ...]:
    """Every DynamoDB operation that the patterns run on a table or its indexes."""
    granted = (permission.actions for permission in permissions() if permission.table is table)
    return tuple(sorted({action.removeprefix("dynamodb:") for actions in granted for action in actions}))
