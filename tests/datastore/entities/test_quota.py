"""The items of user-quotas."""

import pytest

from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import Plan, UserEntity
from datastore.errors import CorruptItem

MOMENT = "2026-01-01T00:00:00.000Z"


def test_a_tier_is_assigned_under_the_user_and_found_by_the_index() -> None:
    item = AssignmentEntity.of(UserEntity.new("alice", MOMENT, plan=Plan.PRO)).to_item()
    assert item == {
        "PK": "USER#alice",
        "SK": "QUOTA#monthly",
        "GSI1PK": "TIER#pro",
        "GSI1SK": "USER#alice",
        "entityType": "ASSIGNMENT",
        "userId": "alice",
        "tier": "pro",
        "createdAt": MOMENT,
        "updatedAt": MOMENT,
    }


def test_an_assignment_to_no_tier_of_ours_is_refused() -> None:
    item = AssignmentEntity.of(UserEntity.new("alice", MOMENT)).to_item()
    with pytest.raises(CorruptItem, match="tier"):
        AssignmentEntity.from_item(item | {"tier": "gold"})
