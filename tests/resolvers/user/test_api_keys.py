"""User.apiKeys."""

from datastore.access_patterns import AccessPattern
from datastore.api_keys import make_api_key
from datastore.entities.api_key import ApiKeyEntity
from datastore.expressions import greater, missing
from datastore.operations import Page, Query
from resolvers.paging import Paging
from resolvers.user import api_keys
from tests.resolvers.contexts import EARLIER, SECONDS, context, request, user


def test_it_queries_the_live_keys_of_the_user_it_stands_under() -> None:
    operation, ctx = request("User.apiKeys", context("User.apiKeys", source=user("bob")), paging=Paging())
    live = missing("expiresAt") | greater("expiresAt", SECONDS)
    assert operation == Query(AccessPattern.LIST_API_KEYS.range(user_id="bob"), 50, only=live)
    key = ApiKeyEntity.new(make_api_key(bytes(24)), user_id="bob", name="n", scopes=["read"], created_at=EARLIER)
    assert api_keys.response(ctx, Page((key.to_item(),), more=False)).entities == [key]
