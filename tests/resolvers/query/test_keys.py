"""Query.keys and Namespace.keys: one Query, over the index, or consistently over the table."""

from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.expressions import greater, missing
from datastore.operations import Page, Query
from resolvers.paging import Paging
from tests.resolvers.contexts import SECONDS, SHOP, context, key_item, request, resolver, view

LIVE = missing("ttl") | greater("ttl", SECONDS)
PATHS = [
    pytest.param("Query.keys", {"namespace": "shop"}, {}, id="Query.keys"),
    pytest.param("Namespace.keys", {}, {"source": view()}, id="Namespace.keys"),
]
fields = pytest.mark.parametrize(("path", "arguments", "given"), PATHS)


@fields
def test_it_queries_the_live_keys_of_the_index_by_prefix(path: str, arguments: Any, given: Any) -> None:
    operation, _ = request(path, context(path, **given), **arguments, paging=Paging(limit=7), prefix="user:")
    assert operation == Query(AccessPattern.LIST_KEYS.range(SHOP, prefix="user:"), 7, only=LIVE)
    assert (operation.range.pk, operation.range.prefix) == ("NS#shop", "KEY#user:")


@fields
def test_without_a_prefix_it_queries_all_keys(path: str, arguments: Any, given: Any) -> None:
    operation, _ = request(path, context(path, **given), **arguments, paging=Paging())
    assert operation.range.prefix == "KEY#"


@fields
def test_consistently_it_queries_the_table_itself(path: str, arguments: Any, given: Any) -> None:
    more = {"paging": Paging(), "reverse": True, "consistent": True}
    operation, _ = request(path, context(path, **given), **arguments, **more)
    table = AccessPattern.LIST_KEYS_CONSISTENT.range(SHOP)
    assert operation == Query(table, 50, reverse=True, consistent=True, only=LIVE)
    assert operation.range.index is None


@fields
def test_the_answer_is_a_page_of_keys(path: str, arguments: Any, given: Any) -> None:
    _, ctx = request(path, context(path, **given), **arguments, paging=Paging())
    listing = resolver(path).response(ctx, Page((key_item("a"), key_item("b")), more=True))
    assert [entity.name for entity in listing.entities] == ["a", "b"]
    assert listing.next_token
