"""An API key's item holds no key: its SHA-256 and enough of it to know it by."""

import pytest

from datastore.api_keys import digest_api_key, make_api_key
from datastore.entities.api_key import ApiKeyEntity

TEXT = make_api_key(bytes(range(24)))
MOMENT = "2026-01-01T00:00:00.000Z"


def make(expires_at: int | None = None) -> ApiKeyEntity:
    return ApiKeyEntity.new(
        TEXT, user_id="alice", name="ci", scopes=("read",), created_at=MOMENT, expires_at=expires_at
    )


def test_a_fresh_key_is_found_by_its_digest_and_listed_under_its_user() -> None:
    digest = digest_api_key(TEXT)
    assert make().to_item() == {
        "PK": f"APIKEY#{digest}",
        "SK": "METADATA",
        "GSI1PK": "USER#alice",
        "GSI1SK": f"APIKEY#{MOMENT}#{digest}",
        "entityType": "APIKEY",
        "apiKeyId": digest,
        "userId": "alice",
        "name": "ci",
        "prefix": TEXT[:14],
        "scopes": ["read"],
        "createdAt": MOMENT,
        "updatedAt": MOMENT,
    }


def test_the_key_itself_stands_nowhere_in_the_item() -> None:
    assert TEXT not in repr(make(expires_at=5).to_item())


def test_an_expiry_is_also_the_second_at_which_dynamodb_may_remove_it() -> None:
    item = make(expires_at=1000).to_item()
    assert (item["expiresAt"], item["ttl"]) == (1000, 1000)


@pytest.mark.parametrize(("now", "live"), [(999, True), (1000, False), (1001, False)])
def test_a_key_has_expired_from_that_second_on(now: int, live: bool) -> None:
    assert make(expires_at=1000).is_live(now) is live


def test_a_key_without_expiry_lives_on() -> None:
    assert make().is_live(2**60)
