"""Namespace.members."""

from datastore.access_patterns import AccessPattern
from datastore.operations import Page, Query
from resolvers.namespace import members
from resolvers.paging import Paging
from tests.resolvers.contexts import EARLIER, SHOP, context, request, view


def test_it_queries_the_members_by_id() -> None:
    operation, ctx = request("Namespace.members", context("Namespace.members", source=view()), paging=Paging(limit=3))
    assert operation == Query(AccessPattern.LIST_MEMBERS.range(SHOP), 3)
    assert (operation.range.pk, operation.range.prefix) == ("NS#shop", "MEMBER#")
    item = {
        **AccessPattern.GET_MEMBER.key(SHOP, user_id="alice").attributes(),
        "entityType": "MEMBER",
        "userId": "alice",
        "role": "OWNER",
        "createdAt": EARLIER,
        "updatedAt": EARLIER,
    }
    (member,) = members.response(ctx, Page((item,), more=False)).entities
    assert (member.user_id, member.role, member.email) == ("alice", "OWNER", None)
