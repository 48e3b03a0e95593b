"""Namespace.key."""

from datastore.operations import GetItem
from resolvers.namespace import key
from tests.resolvers.contexts import SECONDS, context, key_item, primary_key, request, view


def test_it_gets_one_item_of_the_namespace_it_stands_under() -> None:
    operation, ctx = request("Namespace.key", context("Namespace.key", source=view()), key="k")
    assert operation == GetItem(primary_key("k"))
    entity = key.response(ctx, key_item())
    assert entity
    assert entity.name == "k"
    assert key.response(ctx, key_item(ttl=SECONDS)) is None
