"""Query.namespace, Query.namespaces and User.namespaces: grants first, then the namespaces themselves."""

from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.grants import Grant, NamespaceRole
from datastore.operations import BatchGetItem, GetItem, Page, Query
from resolvers.functions import list_grants
from resolvers.paging import Paging
from resolvers.query import namespace
from tests.resolvers.contexts import SHOP, context, grant_item, namespace_item, request, resolver, user

TWO = Page((grant_item("a1"), grant_item("b1", role="VIEWER")), more=True)
PATHS = [
    pytest.param("Query.namespaces", None, "alice", id="Query.namespaces"),
    pytest.param("User.namespaces", user("bob"), "bob", id="User.namespaces"),
]


def test_namespace_gets_it_consistently_with_the_grant() -> None:
    operation, ctx = request("Query.namespace", namespace="shop")
    assert operation == GetItem(AccessPattern.GET_NAMESPACE.key(SHOP), consistent=True)
    seen = namespace.response(ctx, namespace_item(description="Ours"))
    assert seen
    assert (seen.entity.namespace, seen.entity.description, seen.grant) == ("shop", "Ours", SHOP)
    assert namespace.response(ctx, None) is None


@pytest.mark.parametrize(("path", "source", "user_id"), PATHS)
def test_a_list_begins_with_the_grants_of_its_user(path: str, source: Any, user_id: str) -> None:
    ctx = context(path, source=source, arguments={"paging": Paging(first=5)})
    assert (list_grants,) == resolver(path).STEPS
    operation = list_grants.request(ctx)
    assert operation == Query(AccessPattern.LIST_NAMESPACES.range(user_id=user_id), 5)
    assert (operation.range.pk, operation.range.prefix) == (f"USER#{user_id}", "NS#")


@pytest.mark.parametrize(("path", "source", "user_id"), PATHS)
def test_then_it_gets_their_namespaces_in_one_batch(path: str, source: Any, user_id: str) -> None:
    ctx = context(path, source=source, arguments={"paging": Paging()})
    list_grants.request(ctx)
    list_grants.response(ctx, TWO)
    a1, b1 = (Grant("alice", name, role) for name, role in (("a1", NamespaceRole.OWNER), ("b1", NamespaceRole.VIEWER)))
    keys = tuple(AccessPattern.GET_NAMESPACE.key(grant) for grant in (a1, b1))
    assert resolver(path).request(ctx, paging=Paging()) == BatchGetItem(keys)
    listing = resolver(path).response(ctx, (namespace_item(a1), namespace_item(b1)))
    assert [(each.entity.namespace, each.grant) for each in listing.entities] == [("a1", a1), ("b1", b1)]


def test_a_namespace_that_has_gone_in_between_is_left_out_and_the_list_goes_on_behind_it() -> None:
    ctx = context("Query.namespaces", arguments={"paging": Paging()})
    list_grants.request(ctx)
    list_grants.response(ctx, TWO)
    a1 = Grant("alice", "a1", NamespaceRole.OWNER)
    listing = resolver("Query.namespaces").response(ctx, (namespace_item(a1), None))
    assert [each.entity.namespace for each in listing.entities] == ["a1"]
    assert len(listing.positions) == 1
    assert ctx.open_cursor(listing.next_token) == {"PK": "USER#alice", "SK": "NS#b1"}


def test_a_user_without_namespaces_has_an_empty_list() -> None:
    ctx = context("Query.namespaces", arguments={"paging": Paging()})
    list_grants.request(ctx)
    list_grants.response(ctx, Page((), more=False))
    assert resolver("Query.namespaces").request(ctx, paging=Paging()) == BatchGetItem(())
    assert resolver("Query.namespaces").response(ctx, ()).next_token is None
