"""The step that reads the API key that is to go."""

import pytest

from datastore.access_patterns import AccessPattern
from datastore.api_keys import digest_api_key, make_api_key
from datastore.entities.api_key import ApiKeyEntity
from datastore.operations import BatchGetItem
from resolvers.flow import EarlyReturn
from resolvers.functions import read_own_key
from tests.resolvers.contexts import EARLIER, context, user

TEXT = make_api_key(bytes(24))
DIGEST = digest_api_key(TEXT)


def _item(user_id: str) -> dict[str, object]:
    return ApiKeyEntity.new(TEXT, user_id=user_id, name="ci", scopes=["read"], created_at=EARLIER).to_item()


def test_it_reads_the_key_and_the_caller_consistently() -> None:
    ctx = context("Mutation.revokeApiKey", arguments={"api_key_id": DIGEST})
    keys = (AccessPattern.GET_API_KEY.key(digest=DIGEST), AccessPattern.GET_USER.key(user_id="alice"))
    assert read_own_key.request(ctx) == BatchGetItem(keys, consistent=True)


@pytest.mark.parametrize("api_key_id", ["", TEXT, DIGEST.upper(), DIGEST[:-1], DIGEST + "\n"])
def test_what_can_be_no_id_is_not_looked_for(api_key_id: str) -> None:
    ctx = context("Mutation.revokeApiKey", arguments={"api_key_id": api_key_id})
    with pytest.raises(EarlyReturn) as early:
        read_own_key.request(ctx)
    assert (early.value.value, early.value.skip_to) == (False, "END")


def test_somebody_elses_key_is_answered_like_one_that_is_not_there() -> None:
    ctx = context("Mutation.revokeApiKey")
    kept = []
    for key in (_item("alice"), _item("bob"), None):
        read_own_key.response(ctx, (key, user().to_item()))
        kept.append(ctx.stash["key"])
    assert kept == [_item("alice"), None, None]
    assert ctx.stash["user"] == user().to_item()
