"""The item of a session."""

import pytest

from datastore.entities.session import SessionEntity
from datastore.errors import CorruptItem
from datastore.session_tokens import SECRET_BYTES, digest_session_token, make_session_token
from datastore.tables import SESSIONS_METADATA

TOKEN = make_session_token("alice", bytes(SECRET_BYTES))
DIGEST = digest_session_token(TOKEN)
BEGAN = "2026-01-02T03:04:05.000Z"
SECONDS = 1_767_323_045


def session(**changes: object) -> SessionEntity:
    given = {"user_id": "alice", "created_at": BEGAN, "expires_at": SECONDS + 1000, **changes}
    return SessionEntity.new(TOKEN, **given)  # type: ignore[arg-type]


def test_it_stands_under_its_user_and_its_digest_and_the_token_nowhere() -> None:
    entity = session(user_agent="curl/8", epoch="e1")
    assert entity.to_item() == {
        "PK": "USER#alice",
        "SK": f"SESSION#{DIGEST}",
        "GSI1PK": "USER#alice",
        "GSI1SK": f"TIMESTAMP#{BEGAN}",
        "GSI2PK": f"SESSION#{DIGEST}",
        "GSI2SK": "METADATA",
        "entityType": "SESSION",
        "sessionId": DIGEST,
        "userId": "alice",
        "lastSeenAt": BEGAN,
        "expiresAt": SECONDS + 1000,
        "ttl": SECONDS + 1000,
        "userAgent": "curl/8",
        "epoch": "e1",
        "createdAt": BEGAN,
        "updatedAt": BEGAN,
    }
    assert entity.key.table is SESSIONS_METADATA


def test_a_long_user_agent_is_cut_and_none_is_left_out() -> None:
    assert session(user_agent="x" * 1000).user_agent == "x" * 256
    assert "userAgent" not in session(user_agent="").to_item()


@pytest.mark.parametrize(
    ("now", "live"), [(SECONDS, True), (SECONDS + 99.9, True), (SECONDS + 100, False), (SECONDS + 2000, False)]
)
def test_it_ends_when_it_was_not_used_for_long(now: float, live: bool) -> None:
    assert session().is_live(now, idle_seconds=100) is live


def test_it_ends_at_its_second_however_much_it_was_used() -> None:
    used = SessionEntity.from_item(session().to_item() | {"lastSeenAt": "2026-01-02T03:20:44.000Z"})
    assert used.is_live(SECONDS + 999, idle_seconds=100)
    assert not used.is_live(SECONDS + 1000, idle_seconds=100)


def test_what_does_not_fit_is_not_served() -> None:
    with pytest.raises(CorruptItem, match="expiresAt"):
        SessionEntity.from_item(session().to_item() | {"expiresAt": "never"})
