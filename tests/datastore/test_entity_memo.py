"""An item is validated once, and never taken for another one."""

import pytest

from datastore.entities.user import UserEntity
from datastore.entity_memo import EntityMemo
from datastore.errors import CorruptItem
from tests.datastore.stores import MOMENT


def test_the_same_object_is_validated_once() -> None:
    memo, item = EntityMemo(), UserEntity.new("alice", MOMENT).to_item()
    assert memo.entity(UserEntity, item) is memo.entity(UserEntity, item)


def test_an_equal_item_that_was_read_again_is_another_one() -> None:
    memo, item = EntityMemo(), UserEntity.new("alice", MOMENT).to_item()
    assert memo.entity(UserEntity, item) is not memo.entity(UserEntity, dict(item))


def test_an_item_that_is_read_anew_takes_the_place_of_the_one_before() -> None:
    """Or a server would hold whatever it has read in an hour, though its cache forgets it after seconds."""
    memo = EntityMemo()
    read = [UserEntity.new("alice", MOMENT, role=role).to_item() for role in ("member", "admin", "member") * 100]
    assert [memo.entity(UserEntity, item).role for item in read] == ["member", "admin", "member"] * 100
    assert len(memo._known) == 1


def test_an_item_that_does_not_fit_is_refused_each_time() -> None:
    memo, item = EntityMemo(), {"PK": "USER#alice"}
    for _ in range(2):
        with pytest.raises(CorruptItem):
            memo.entity(UserEntity, item)


def test_no_more_are_held_than_was_said_and_none_is_mistaken_for_one_that_has_gone() -> None:
    memo = EntityMemo(size=2)
    for number in range(1000):
        user_id = f"user{number}"
        assert memo.entity(UserEntity, UserEntity.new(user_id, MOMENT).to_item()).user_id == user_id
    assert len(memo._known) == 2


def test_what_was_read_anew_outlives_what_was_not() -> None:
    memo = EntityMemo(size=2)
    alice, bob, carol, again = (
        UserEntity.new(user_id, MOMENT).to_item() for user_id in ("alice", "bob", "carol", "alice")
    )
    for item in (alice, bob, again, carol):
        memo.entity(UserEntity, item)
    assert [user[0]["userId"] for user in memo._known.values()] == ["alice", "carol"]
