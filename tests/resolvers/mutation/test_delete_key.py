"""Mutation.deleteKey."""

from typing import Any

import pytest

from datastore.entities.key import KeyEntity
from datastore.errors import ConditionFailed
from datastore.operations import DeleteItem
from resolvers.inputs import DeleteKey
from resolvers.mutation import delete_key
from tests.resolvers.conditions import holds
from tests.resolvers.contexts import SECONDS, context, key_item, primary_key, request

PATH = "Mutation.deleteKey"


def test_without_a_version_it_deletes_whatever_is_there() -> None:
    assert request(PATH, delete=DeleteKey("shop", "k"))[0] == DeleteItem(primary_key("k"))


@pytest.mark.parametrize(
    ("item", "passed"),
    [(key_item(), True), (None, True), (key_item(ttl=SECONDS), True), (key_item(version=2), False)],
)
def test_with_a_version_it_deletes_that_one_or_what_is_gone_already(item: Any, passed: bool) -> None:
    operation, _ = request(PATH, delete=DeleteKey("shop", "k", if_version=3))
    assert holds(operation.condition, item) is passed


@pytest.mark.parametrize("item", [None, key_item(ttl=SECONDS)])
def test_where_there_was_nothing_it_answers_null(item: Any) -> None:
    assert delete_key.response(context(PATH), item) is None


def test_it_answers_what_was_deleted() -> None:
    assert delete_key.response(context(PATH), key_item()) == KeyEntity.from_item(key_item())


def test_another_version_is_refused_with_what_is_there() -> None:
    _, ctx = request(PATH, delete=DeleteKey("shop", "k", if_version=2))
    with pytest.raises(ConditionFailed, match="ifVersion is 2, but it is at version 3") as refused:
        delete_key.failure(ctx, ConditionFailed(item=key_item()))
    assert refused.value.data == KeyEntity.from_item(key_item())
