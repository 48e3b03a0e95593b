"""A grant's item becomes the right itself."""

import pytest

from datastore.entities.namespace import GrantEntity
from datastore.grants import Grant, NamespaceRole, NamespaceStatus
from tests.datastore.stores import MOMENT


@pytest.mark.parametrize("role", NamespaceRole)
@pytest.mark.parametrize("status", [None, *NamespaceStatus])
def test_a_grant_says_what_its_item_says(role: NamespaceRole, status: NamespaceStatus | None) -> None:
    item = {
        "PK": "USER#alice",
        "SK": "NS#fruit",
        "entityType": "NAMESPACE",
        "namespace": "fruit",
        "userId": "alice",
        "role": str(role),
        "createdAt": MOMENT,
        "updatedAt": MOMENT,
        **({"status": str(status)} if status else {}),
    }
    expected = Grant("alice", "fruit", role, status or NamespaceStatus.ACTIVE)
    assert GrantEntity.from_item(item).grant() == expected
