"""Query.keysByName."""

import pytest

from datastore.errors import LimitExceeded
from datastore.operations import BatchGetItem
from resolvers.query import keys_by_name
from tests.resolvers.contexts import SECONDS, context, key_item, primary_key, request


def test_it_gets_the_keys_in_one_batch_in_the_order_asked_for() -> None:
    operation, _ = request("Query.keysByName", namespace="shop", keys=["b", "a", "b"])
    assert operation == BatchGetItem((primary_key("b"), primary_key("a"), primary_key("b")))


def test_a_hundred_keys_are_taken_and_one_more_is_not() -> None:
    assert request("Query.keysByName", namespace="shop", keys=["k"] * 100)
    with pytest.raises(LimitExceeded, match="at most 100 keys; 101 were given"):
        request("Query.keysByName", namespace="shop", keys=["k"] * 101)


def test_what_is_absent_or_expired_is_null_in_its_place() -> None:
    items = (key_item("a"), None, key_item("c", ttl=SECONDS))
    first, *rest = keys_by_name.response(context("Query.keysByName"), items)
    assert first
    assert first.name == "a"
    assert rest == [None, None]
