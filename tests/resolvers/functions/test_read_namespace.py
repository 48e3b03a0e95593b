"""The step that reads the namespace of the caller's grant."""

from datastore.access_patterns import AccessPattern
from datastore.operations import GetItem
from resolvers.functions import read_namespace
from tests.resolvers.contexts import SHOP, context, namespace_item, view


def test_it_gets_it_consistently_and_says_where_it_has_gone() -> None:
    ctx = context("Mutation.deleteNamespace")
    assert read_namespace.request(ctx) == GetItem(AccessPattern.GET_NAMESPACE.key(SHOP), consistent=True)
    assert read_namespace.response(ctx, namespace_item()) == view()
    assert read_namespace.response(ctx, None) is None
