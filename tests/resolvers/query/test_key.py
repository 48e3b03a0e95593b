"""Query.key."""

from typing import Any

import pytest

from datastore.errors import CorruptItem, LimitExceeded
from datastore.operations import GetItem
from resolvers.query import key
from tests.resolvers.contexts import SECONDS, context, key_item, primary_key, request


@pytest.mark.parametrize("consistent", [False, True])
def test_it_gets_one_item(consistent: bool) -> None:
    operation, _ = request("Query.key", namespace="shop", key="a#b", consistent=consistent)
    assert operation == GetItem(primary_key("a#b"), consistent)
    assert operation.key.sk == "KEY#a#b"


def test_a_key_that_can_not_be_is_refused_before_any_read() -> None:
    with pytest.raises(LimitExceeded, match="1 to 1000 bytes"):
        request("Query.key", namespace="shop", key="é" * 501)


def test_the_answer_is_the_key() -> None:
    entity = key.response(context("Query.key"), key_item(value={"a": [1]}))
    assert entity
    assert (entity.namespace, entity.name, entity.value, entity.version) == ("shop", "k", {"a": [1]}, 3)


@pytest.mark.parametrize("item", [None, key_item(ttl=SECONDS)])
def test_absent_or_expired_is_null(item: Any) -> None:
    assert key.response(context("Query.key"), item) is None


def test_an_item_that_is_no_key_is_reported() -> None:
    with pytest.raises(CorruptItem, match="updatedAt"):
        key.response(context("Query.key"), key_item(updatedAt=None))
