"""Mutation.login, logout and revokeSession, and the steps before them."""

from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.session import SessionEntity
from datastore.entities.user import UserEntity
from datastore.errors import CancellationReason, TooManyRequests, TransactionCancelled, Unauthenticated
from datastore.expressions import Update, equals, exists, missing
from datastore.operations import (
    ConditionCheck,
    Deferred,
    DeleteItem,
    GetItem,
    HashPassword,
    Nothing,
    Page,
    PasswordVerdict,
    PutItem,
    Query,
    TransactWriteItems,
    UpdateItem,
    VerifyPassword,
)
from datastore.session_tokens import digest_session_token, make_session_token, user_of_session_token
from datastore.tables import SESSIONS_METADATA
from resolvers.audit import AuditAction, audit
from resolvers.context import Context, Identity
from resolvers.flow import Again, EarlyReturn
from resolvers.functions import (
    look_up_session,
    read_account,
    read_claim,
    read_own_session,
    refuse_wrong_password,
    rehash_password,
    verify_login,
)
from resolvers.mutation import login, logout, revoke_session
from resolvers.password_attempts import Attempt
from resolvers.permissions import Permission
from resolvers.scopes import ALL_SCOPES
from tests.resolvers.contexts import EARLIER, SECONDS, STAMP, context, request, user

LOGIN, LOGOUT, REVOKE = "Mutation.login", "Mutation.logout", "Mutation.revokeSession"
WHO = {"email": "Ann@Example.com", "password": "correct horse"}
TOKEN = make_session_token("alice", bytes(32))
DIGEST = digest_session_token(TOKEN)
KEY = AccessPattern.GET_SESSION.key(user_id="alice", digest=DIGEST)
ALICE = user(email="ann@example.com", passwordHash="$argon2id$old", sessionEpoch="e1")
SIGNED_IN = Identity("alice", frozenset(ALL_SCOPES), session_id=DIGEST)
RIGHT, WRONG = PasswordVerdict(matches=True), Unauthenticated("The email or the password is wrong.")
FAILED, FINE = CancellationReason("ConditionalCheckFailed"), CancellationReason("None")


def session(token: str = TOKEN, **given: Any) -> SessionEntity:
    made = {"user_id": "alice", "created_at": STAMP, "expires_at": SECONDS + 30 * 86_400, "epoch": "e1", **given}
    return SessionEntity.new(token, **made)


def logging_in(**given: Any) -> Context:
    stash = {"user": ALICE, "attempt": Attempt(RIGHT, WRONG)}
    return context(LOGIN, **{"grant": None, "identity": None, "random_bytes": bytes, "stash": stash, **given})


class TestTheStepsOfALogin:
    def test_come_in_this_order(self) -> None:
        steps = (read_claim, read_account, verify_login, refuse_wrong_password, rehash_password)
        assert steps == login.STEPS

    def test_read_who_has_claimed_the_email(self) -> None:
        ctx = logging_in(arguments=WHO)
        key = AccessPattern.CLAIM_EMAIL.key(email="ann@example.com")
        assert read_claim.request(ctx) == GetItem(key, consistent=True)
        read_claim.response(ctx, {"userId": "alice"})
        assert read_account.request(ctx) == GetItem(AccessPattern.GET_USER.key(user_id="alice"), consistent=True)
        read_account.response(ctx, ALICE.to_item())
        assert ctx.stash["user"] == ALICE

    def test_are_the_same_for_an_email_that_nobody_has(self) -> None:
        ctx = logging_in(arguments=WHO)
        read_claim.response(ctx, None)
        assert read_account.request(ctx) == GetItem(AccessPattern.GET_USER.key(user_id="nobody"), consistent=True)
        read_account.response(ctx, None)
        assert verify_login.request(ctx) == VerifyPassword("correct horse", None, "ann@example.com", "")

    def test_look_at_the_password_for_the_account_and_the_address(self) -> None:
        ctx = logging_in(arguments=WHO, client_ip="10.0.0.1")
        looked = VerifyPassword("correct horse", "$argon2id$old", "ann@example.com", "10.0.0.1")
        assert verify_login.request(ctx) == looked
        verify_login.response(ctx, RIGHT)
        assert ctx.stash["attempt"].verdict == RIGHT

    def test_go_on_after_the_right_one(self) -> None:
        with pytest.raises(EarlyReturn) as early:
            refuse_wrong_password.request(logging_in())
        assert early.value.skip_to == "NEXT"

    @pytest.mark.parametrize("who", [ALICE, None])
    def test_stop_at_a_wrong_one_in_the_same_words_for_everybody(self, who: UserEntity | None) -> None:
        ctx = logging_in(stash={"user": who, "attempt": Attempt(PasswordVerdict(), WRONG)})
        assert refuse_wrong_password.request(ctx) == Nothing()
        with pytest.raises(Unauthenticated, match=r"^The email or the password is wrong\.$"):
            refuse_wrong_password.response(ctx, None)

    def test_write_an_event_behind_the_answer_to_the_last_wrong_one(self) -> None:
        ctx = logging_in(stash={"user": ALICE, "attempt": Attempt(PasswordVerdict(last=True), WRONG)})
        event = audit(logging_in(), AuditAction.LOGIN_LIMITED, user_id="alice")
        assert refuse_wrong_password.request(ctx) == Deferred(event)
        ctx.stash["user"] = None
        assert refuse_wrong_password.request(ctx) == Nothing()

    def test_say_when_to_come_back_after_too_many(self) -> None:
        ctx = logging_in(stash={"user": ALICE, "attempt": Attempt(PasswordVerdict(wait_seconds=42), WRONG)})
        with pytest.raises(TooManyRequests) as refused:
            refuse_wrong_password.response(ctx, None)
        assert refused.value.info == {"retryAfter": 42}
        assert ctx.response_headers == [("Retry-After", "42")]

    def test_hash_an_outdated_password_anew(self) -> None:
        outdated = Attempt(PasswordVerdict(matches=True, outdated=True), WRONG)
        ctx = logging_in(arguments=WHO, stash={"user": ALICE, "attempt": outdated})
        assert rehash_password.request(ctx) == HashPassword("correct horse")
        with pytest.raises(EarlyReturn):
            rehash_password.request(logging_in(arguments=WHO))


class TestLogin:
    def test_puts_a_session_while_the_password_is_the_one_that_was_looked_at(self) -> None:
        operation, ctx = request(LOGIN, logging_in(request_headers={"user-agent": "curl/8"}), **WHO)
        made = session(user_agent="curl/8")
        event = audit(logging_in(), AuditAction.SESSION_STARTED, user_id="alice", target=DIGEST, actor_id="alice")
        assert operation == TransactWriteItems(
            (
                ConditionCheck(ALICE.key, equals("passwordHash", "$argon2id$old")),
                PutItem(made.to_item(), missing("PK"), SESSIONS_METADATA),
                event,
            )
        )
        new = login.response(ctx, None)
        assert (new.user, new.entity, new.token) == (ALICE, made, TOKEN)
        assert user_of_session_token(new.token) == "alice"
        assert ctx.response_headers == []

    def test_stores_no_token(self) -> None:
        assert TOKEN not in str(request(LOGIN, logging_in(), **WHO)[0])

    def test_keeps_a_new_hash_of_the_same_password(self) -> None:
        operation, _ = request(LOGIN, logging_in(prev="$argon2id$new"), **WHO)
        update = Update({"passwordHash": "$argon2id$new", "updatedAt": STAMP})
        assert operation.writes[0] == UpdateItem(ALICE.key, update, equals("passwordHash", "$argon2id$old"))

    def test_ends_the_session_that_asks(self) -> None:
        operation, _ = request(LOGIN, logging_in(identity=SIGNED_IN), **WHO)
        assert operation.writes[-1] == DeleteItem(KEY)

    @pytest.mark.parametrize(("status", "word"), [("SUSPENDED", "suspended"), ("DELETING", "deleting")])
    def test_is_refused_to_an_account_that_may_not_be_used(self, status: str, word: str) -> None:
        left_out = user(email="ann@example.com", passwordHash="$argon2id$old", status=status)
        ctx = logging_in(stash={"user": left_out, "attempt": Attempt(RIGHT, WRONG)})
        with pytest.raises(Unauthenticated, match=f"This account is {word}"):
            request(LOGIN, ctx, **WHO)

    def test_looks_again_where_the_password_changes_at_that_moment(self) -> None:
        with pytest.raises(Again):
            login.failure(logging_in(), TransactionCancelled([FAILED, FINE, FINE]))
        with pytest.raises(TransactionCancelled):
            login.failure(logging_in(), TransactionCancelled([CancellationReason("ValidationError")]))

    def test_sets_a_cookie_where_the_settings_say_so(self) -> None:
        ctx = logging_in(env={"SESSION_COOKIE": "true", "SESSION_SECONDS": "3600"})
        request(LOGIN, ctx, **WHO)
        new = login.response(ctx, None)
        assert new.entity.expires_at == SECONDS + 3600
        cookie = f"__Host-kv-session={TOKEN}; Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Lax"
        assert ctx.response_headers == [("Set-Cookie", cookie)]


class TestLogout:
    def test_deletes_the_session_that_asks(self) -> None:
        ctx = context(LOGOUT, identity=SIGNED_IN)
        event = audit(context(LOGOUT, identity=SIGNED_IN), AuditAction.SESSION_ENDED, user_id="alice", target=DIGEST)
        assert logout.request(ctx) == TransactWriteItems((DeleteItem(KEY, exists("PK")), event))
        assert logout.response(ctx, None) is True

    def test_of_a_caller_with_an_api_key_ends_nothing(self) -> None:
        with pytest.raises(EarlyReturn) as early:
            logout.request(context(LOGOUT))
        assert (early.value.value, early.value.skip_to) == (False, "END")

    def test_is_false_where_the_session_has_ended_meanwhile(self) -> None:
        assert logout.failure(context(LOGOUT), TransactionCancelled([FAILED, FINE])) is False
        with pytest.raises(TransactionCancelled):
            logout.failure(context(LOGOUT), TransactionCancelled([FINE, FAILED]))

    def test_clears_the_cookie(self) -> None:
        ctx = context(LOGOUT, identity=SIGNED_IN, env={"SESSION_COOKIE": "true"})
        logout.request(ctx)
        ((name, value),) = ctx.response_headers
        assert (name, value.split("; ")[:2]) == ("Set-Cookie", ["__Host-kv-session=", "Max-Age=0"])


class TestRevokeSession:
    def _find(self, *, permissions: frozenset[Permission] = frozenset(), found: Any = None) -> Context:
        caller = Identity("alice", frozenset(ALL_SCOPES), permissions=permissions)
        ctx = context(REVOKE, identity=caller, arguments={"session_id": DIGEST}, stash={"session": found})
        return ctx

    def test_finds_the_caller_s_own_first(self) -> None:
        assert (read_own_session, look_up_session) == revoke_session.STEPS
        ctx = self._find()
        assert read_own_session.request(ctx) == GetItem(KEY, consistent=True)
        read_own_session.response(ctx, session().to_item())
        assert ctx.stash["session"] == session()

    @pytest.mark.parametrize("text", ["", "x", "A" * 64, "0" * 63])
    def test_of_what_is_no_id_is_false_without_a_read(self, text: str) -> None:
        with pytest.raises(EarlyReturn) as early:
            read_own_session.request(context(REVOKE, arguments={"session_id": text}))
        assert (early.value.value, early.value.skip_to) == (False, "END")

    def test_looks_no_further_for_those_who_may_end_their_own_only(self) -> None:
        for ctx in (self._find(), self._find(permissions=frozenset({Permission.USERS_WRITE}), found=session())):
            with pytest.raises(EarlyReturn):
                look_up_session.request(ctx)

    def test_looks_in_the_index_for_an_administrator(self) -> None:
        ctx = self._find(permissions=frozenset({Permission.USERS_WRITE}))
        assert look_up_session.request(ctx) == Query(AccessPattern.LOOK_UP_SESSION.range(digest=DIGEST), limit=1)
        look_up_session.response(ctx, Page((session().to_item(),), more=False))
        assert ctx.stash["session"] == session()
        look_up_session.response(ctx, Page((), more=False))
        assert ctx.stash["session"] is None

    def test_deletes_it_with_an_event_of_its_user_s(self) -> None:
        operation, ctx = request(REVOKE, self._find(found=session()), session_id=DIGEST)
        event = audit(self._find(), AuditAction.SESSION_REVOKED, user_id="alice", target=DIGEST)
        assert operation == TransactWriteItems((DeleteItem(KEY, exists("PK")), event))
        assert revoke_session.response(ctx, None) is True

    def test_of_none_is_false(self) -> None:
        with pytest.raises(EarlyReturn) as early:
            request(REVOKE, self._find(), session_id=DIGEST)
        assert early.value.value is False
        assert revoke_session.failure(self._find(), TransactionCancelled([FAILED, FINE])) is False


def test_a_session_of_another_epoch_is_not_listed() -> None:
    from resolvers.sessions import live_sessions

    ctx = context("User.sessions", env={"SESSION_IDLE_SECONDS": "600"})
    assert "e1" in str(live_sessions(ctx, ALICE))
    assert "attribute_not_exists" in str(live_sessions(ctx, user()))
    assert EARLIER not in str(live_sessions(ctx, ALICE))
