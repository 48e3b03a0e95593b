"""Query.me, Query.user and Query.userByApiKey."""

import pytest

from datastore.access_patterns import AccessPattern
from datastore.api_keys import digest_api_key, make_api_key
from datastore.errors import NotFound
from datastore.operations import GetItem, Page, Query
from datastore.tables import GSI1
from resolvers.query import me, user_by_api_key
from resolvers.query import user as user_resolver
from tests.resolvers.contexts import context, request, user

KEY = make_api_key(bytes(24))


def test_me_gets_the_callers_item() -> None:
    assert request("Query.me")[0] == GetItem(AccessPattern.GET_USER.key(user_id="alice"))
    assert me.response(context("Query.me"), user().to_item()) == user()


def test_me_says_so_where_the_user_has_gone() -> None:
    with pytest.raises(NotFound, match="no longer exists"):
        me.response(context("Query.me"), None)


def test_user_gets_the_item_asked_for() -> None:
    assert request("Query.user", user_id="bob")[0] == GetItem(AccessPattern.GET_USER.key(user_id="bob"))
    ctx = context("Query.user")
    assert user_resolver.response(ctx, user("bob").to_item()) == user("bob")
    assert user_resolver.response(ctx, None) is None


def test_user_by_api_key_queries_the_index_by_the_digest() -> None:
    operation, ctx = request("Query.userByApiKey", api_key=KEY)
    assert operation == Query(AccessPattern.GET_USER_BY_API_KEY.range(digest=digest_api_key(KEY)), limit=1)
    assert (operation.range.index, operation.range.prefix) == (GSI1, "METADATA")
    assert KEY not in str(operation)
    assert user_by_api_key.response(ctx, Page((user().to_item(),), more=False)) == user()
    assert user_by_api_key.response(ctx, Page((), more=False)) is None
