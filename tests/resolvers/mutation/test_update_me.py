"""Mutation.updateMe: what is written together, and what a failure of each means."""

from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.session import SessionEntity
from datastore.entities.user import UserEntity
from datastore.errors import (
    AlreadyExists,
    BadRequest,
    CancellationReason,
    NotFound,
    TransactionCancelled,
    Unauthenticated,
    Unauthorized,
)
from datastore.expressions import Update, equals, exists, missing
from datastore.operations import (
    DeleteItem,
    HashPassword,
    Page,
    PasswordVerdict,
    PutItem,
    Query,
    UpdateItem,
    VerifyPassword,
)
from datastore.session_tokens import make_session_token
from resolvers.audit import AuditAction, audit
from resolvers.context import Context, Identity
from resolvers.flow import Again, EarlyReturn
from resolvers.functions import hash_new_password, list_own_sessions, read_account, refuse_wrong_password, verify_caller
from resolvers.mutation import update_me
from resolvers.scopes import ALL_SCOPES
from tests.resolvers.contexts import FIRST_ID, SECONDS, STAMP, context, request, user

UPDATE = "Mutation.updateMe"
BEFORE = user(email="ann@example.com", passwordHash="$argon2id$old", sessionEpoch="e1")
UNCHANGED = equals("passwordHash", "$argon2id$old") & equals("email", "ann@example.com")
FAILED, FINE = CancellationReason("ConditionalCheckFailed"), CancellationReason("None")


def session(number: int) -> SessionEntity:
    token = make_session_token("alice", bytes([number]) * 32)
    return SessionEntity.new(token, user_id="alice", created_at=STAMP, expires_at=SECONDS + 10, epoch="e1")


OWN, OTHER = session(1), session(2)
SIGNED_IN = Identity("alice", frozenset(ALL_SCOPES), session_id=OWN.session_id)


def updating(**given: Any) -> Context:
    stash = {"user": BEFORE, "password_hash": None, "sessions": []}
    return context(UPDATE, **{"grant": None, "identity": SIGNED_IN, "random_bytes": bytes, "stash": stash, **given})


def with_password(**given: Any) -> Context:
    stash = {"user": BEFORE, "password_hash": "$argon2id$new", "sessions": [OWN, OTHER]}
    return updating(stash=stash, request_headers={"authorization": "kv_session_…"}, **given)


def update(ctx: Context, **arguments: Any) -> Any:
    return request(UPDATE, ctx, current_password="correct horse", **arguments)[0]


class TestTheSteps:
    def test_come_in_this_order(self) -> None:
        steps = (read_account, verify_caller, refuse_wrong_password, hash_new_password, list_own_sessions)
        assert steps == update_me.STEPS

    def test_look_at_the_present_password(self) -> None:
        ctx = updating(arguments={"current_password": "correct horse"}, client_ip="10.0.0.1")
        assert verify_caller.request(ctx) == VerifyPassword(
            "correct horse", "$argon2id$old", "ann@example.com", "10.0.0.1"
        )
        verify_caller.response(ctx, PasswordVerdict())
        with pytest.raises(Unauthorized, match="The current password is wrong"):
            refuse_wrong_password.response(ctx, None)

    def test_stop_where_there_is_no_password_or_no_account(self) -> None:
        for found, refusal in ((user(), BadRequest), (None, NotFound)):
            with pytest.raises(refusal):
                verify_caller.request(updating(stash={"user": found}))

    def test_hash_the_new_password_and_find_the_sessions(self) -> None:
        ctx = updating(arguments={"password": "battery staple"})
        assert hash_new_password.request(ctx) == HashPassword("battery staple")
        hash_new_password.response(ctx, "$argon2id$new")
        range_ = AccessPattern.LIST_OWN_SESSIONS.range(user_id="alice")
        assert list_own_sessions.request(ctx) == Query(range_, limit=50, consistent=True)
        list_own_sessions.response(ctx, Page((OTHER.to_item(),), more=False))
        assert ctx.stash["sessions"] == [OTHER]

    @pytest.mark.parametrize("step", [hash_new_password, list_own_sessions])
    def test_read_and_hash_nothing_where_the_password_stays(self, step: Any) -> None:
        with pytest.raises(EarlyReturn) as early:
            step.request(updating(arguments={"password": None}))
        assert early.value.skip_to == "NEXT"


class TestAnotherEmail:
    def test_moves_the_claim_with_the_user(self) -> None:
        ctx = updating()
        writes = update(ctx, email="Ann@Example.org").writes
        changed = {
            "GSI2PK": "DOMAIN#example.org",
            "GSI2SK": "EMAIL#ann@example.org",
            "email": "Ann@Example.org",
            "updatedAt": STAMP,
        }
        moved, claim, release, event = writes
        assert (moved.key, moved.condition, dict(moved.update.set)) == (BEFORE.key, UNCHANGED, changed)
        assert isinstance(claim, PutItem)
        assert (claim.item["PK"], claim.item["userId"], claim.condition) == (
            "EMAIL#ann@example.org",
            "alice",
            missing("PK"),
        )
        assert release == DeleteItem(AccessPattern.CLAIM_EMAIL.key(email="ann@example.com"), equals("userId", "alice"))
        detail = {"from": "ann@example.com", "to": "Ann@Example.org"}
        assert event == audit(updating(), AuditAction.EMAIL_CHANGED, user_id="alice", detail=detail)
        assert update_me.response(ctx, None).email == "Ann@Example.org"

    def test_that_is_spelled_otherwise_leaves_the_claim(self) -> None:
        writes = update(updating(), email="ANN@example.com").writes
        assert [type(write) for write in writes] == [UpdateItem, PutItem]

    def test_that_another_has_is_refused(self) -> None:
        ctx = updating()
        update(ctx, email="bob@example.com")
        with pytest.raises(AlreadyExists, match="this email already"):
            update_me.failure(ctx, TransactionCancelled([FINE, FAILED, FINE, FINE]))

    def test_looks_again_where_the_user_has_changed_meanwhile(self) -> None:
        ctx = updating()
        update(ctx, email="bob@example.com")
        with pytest.raises(Again):
            update_me.failure(ctx, TransactionCancelled([FAILED, FINE, FINE, FINE]))
        with pytest.raises(TransactionCancelled):
            update_me.failure(ctx, TransactionCancelled([CancellationReason("ValidationError"), FINE, FINE, FINE]))


class TestAnotherPassword:
    def test_begins_an_epoch_takes_the_session_that_asks_along_and_deletes_the_others(self) -> None:
        ctx = with_password()
        writes = update(ctx, password="battery staple").writes
        changed, own, other, event = writes
        assert changed.update.set == {
            "passwordHash": "$argon2id$new",
            "sessionEpoch": FIRST_ID,
            "updatedAt": STAMP,
        }
        assert own == UpdateItem(OWN.key, Update({"epoch": FIRST_ID, "updatedAt": STAMP}), exists("PK"))
        assert other == DeleteItem(OTHER.key)
        assert event.item["action"] == AuditAction.PASSWORD_CHANGED
        assert "battery staple" not in str(writes)
        assert ctx.response_headers == []

    def test_is_refused_to_a_session_that_has_ended_meanwhile(self) -> None:
        ctx = with_password()
        update(ctx, password="battery staple")
        with pytest.raises(Unauthenticated, match="This session has ended"):
            update_me.failure(ctx, TransactionCancelled([FINE, FAILED, FINE, FINE]))

    def test_gives_a_cookie_another_token(self) -> None:
        ctx = with_password(env={"SESSION_COOKIE": "true"})
        ctx.request_headers = {}
        writes = update(ctx, password="battery staple").writes
        assert writes[1] == DeleteItem(OWN.key, exists("PK"))
        assert (writes[2].item["epoch"], writes[2].table) == (FIRST_ID, OWN.table)
        update_me.response(ctx, None)
        ((name, value),) = ctx.response_headers
        assert name == "Set-Cookie"
        assert value.startswith("__Host-kv-session=kv_session_alice.")

    def test_changed_with_an_api_key_deletes_all_sessions(self) -> None:
        ctx = with_password(identity=Identity("alice", frozenset(ALL_SCOPES), api_key_id="k"))
        writes = update(ctx, password="battery staple").writes
        assert writes[1:3] == (DeleteItem(OWN.key), DeleteItem(OTHER.key))


def test_nothing_to_change_writes_nothing() -> None:
    for arguments in ({}, {"email": "ann@example.com"}):
        with pytest.raises(EarlyReturn) as early:
            update(updating(), **arguments)
        assert (early.value.value, early.value.skip_to) == (BEFORE, "END")
        assert isinstance(early.value.value, UserEntity)
