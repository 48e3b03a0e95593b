"""Mutation.startOidcLogin and completeOidcLogin, and the steps of the latter, as values."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.sign_on import SIGN_ON_SECONDS, digest_state
from datastore.entities.subject import SubjectEntity, linked
from datastore.entities.user import Plan
from datastore.errors import (
    AlreadyExists,
    BadRequest,
    CancellationReason,
    ConditionFailed,
    SignInRefused,
    SignUpClosed,
    TransactionCancelled,
    Unauthenticated,
    Unauthorized,
)
from datastore.oidc.values import SignOn, Subject
from datastore.operations import ConditionCheck, DeleteItem, ExchangeCode, PutItem, TransactWriteItems, UpdateItem
from datastore.tables import KV_STORAGE_DATA, OIDC_STATE, SESSIONS_METADATA, USER_QUOTAS
from resolvers.context import Context, Identity
from resolvers.flow import Again, EarlyReturn
from resolvers.functions import claim_sign_on, consume_sign_on, exchange_code, find_account
from resolvers.mutation import complete_oidc_login, start_oidc_login
from resolvers.sign_on import challenge_of, remember
from tests.resolvers.conditions import holds
from tests.resolvers.contexts import EARLIER, SECONDS, context, request, user

START, COMPLETE = "Mutation.startOidcLogin", "Mutation.completeOidcLogin"
CALLBACK = "https://app.example/callback"
SIGN_ON = SignOn("https://issuer.example", "https://issuer.example/auth?tenant=1", "kv", "openid email", (CALLBACK,))
SUBJECT = Subject("https://issuer.example", "alice-at-work", "alice@example.com")
VERIFIER = "v" * 43
ARGUMENTS = {"state": "a state", "code": "a code", "verifier": None}


def completing(**stash: Any) -> Context:
    """As the steps leave it for a subject that nobody knows."""
    ctx = context(COMPLETE, identity=None, arguments=ARGUMENTS, random_bytes=bytes)
    ctx.stash |= {"subject": SUBJECT, "link": None, "claimed_by": None, "user": None, "sign_on": _sign_on(), **stash}
    return ctx


def _sign_on(**changes: Any) -> Any:
    given = {"redirect_uri": CALLBACK, "challenge": None, "user_id": None, **changes}
    return remember(context(START), "a state", **given)


def _link(user_id: str = "alice") -> SubjectEntity:
    subject, _ = linked(SUBJECT.issuer, SUBJECT.subject, user_id=user_id, created_at=EARLIER)
    assert isinstance(subject, SubjectEntity)
    return subject


class TestStart:
    def test_it_remembers_the_hash_of_the_state_and_its_own_secrets_for_ten_minutes(self) -> None:
        operation, ctx = request(START, context(START, prev=SIGN_ON), redirect_uri=CALLBACK)
        assert isinstance(operation, PutItem)
        url = start_oidc_login.response(ctx, None)
        (state,) = parse_qs(urlsplit(url).query)["state"]
        assert operation.table is OIDC_STATE
        assert operation.item["PK"] == AccessPattern.GET_SIGN_ON.key(digest=digest_state(state)).pk
        assert operation.item["expiresAt"] == SECONDS + SIGN_ON_SECONDS
        assert url.startswith("https://issuer.example/auth?tenant=1&response_type=code&")

    @pytest.mark.parametrize("uri", [CALLBACK + "/", "https://attacker.example", ""])
    def test_other_addresses_are_refused(self, uri: str) -> None:
        with pytest.raises(BadRequest):
            request(START, context(START, prev=SIGN_ON), redirect_uri=uri)

    def test_linking_takes_a_caller_with_the_scope_admin(self) -> None:
        with pytest.raises(Unauthenticated):
            request(START, context(START, prev=SIGN_ON, identity=None), redirect_uri=CALLBACK, link=True)
        weak = Identity("alice", frozenset({"read", "write"}))
        with pytest.raises(Unauthorized):
            request(START, context(START, prev=SIGN_ON, identity=weak), redirect_uri=CALLBACK, link=True)
        operation, _ = request(START, context(START, prev=SIGN_ON), redirect_uri=CALLBACK, link=True)
        assert operation.item["userId"] == "alice"


UNDER_WAY = {"PK": "STATE#x", "expiresAt": SECONDS + 1}


@pytest.mark.parametrize(
    ("item", "verifier", "caller", "is_claimed"),
    [
        (None, None, None, False),
        (UNDER_WAY, None, None, True),
        ({**UNDER_WAY, "expiresAt": SECONDS}, None, None, False),
        ({**UNDER_WAY, "claimedBy": "id-1"}, None, None, True),
        ({**UNDER_WAY, "claimedBy": "another"}, None, None, False),
        ({**UNDER_WAY, "challenge": challenge_of(VERIFIER)}, VERIFIER, None, True),
        ({**UNDER_WAY, "challenge": challenge_of(VERIFIER)}, "w" * 43, None, False),
        ({**UNDER_WAY, "challenge": challenge_of(VERIFIER)}, None, None, False),
        (UNDER_WAY, VERIFIER, None, False),
        ({**UNDER_WAY, "userId": "alice"}, None, "alice", True),
        ({**UNDER_WAY, "userId": "alice"}, None, "bob", False),
        ({**UNDER_WAY, "userId": "alice"}, None, None, False),
        (UNDER_WAY, None, "bob", True),
    ],
    ids=str,
)
def test_who_may_claim_a_sign_on(
    item: dict[str, Any] | None, verifier: str | None, caller: str | None, is_claimed: bool
) -> None:
    identity = Identity(caller) if caller else None
    ctx = context(COMPLETE, identity=identity, arguments={**ARGUMENTS, "verifier": verifier})
    operation = claim_sign_on.request(ctx)
    assert isinstance(operation, UpdateItem)
    assert operation.condition is not None
    assert holds(operation.condition, item) is is_claimed


def test_a_delete_that_finds_nothing_was_our_own() -> None:
    ctx = completing()
    assert isinstance(consume_sign_on.request(ctx), DeleteItem)
    consume_sign_on.failure(ctx, ConditionFailed(item=None))
    assert ctx.stash["consumed"]
    with pytest.raises(SignInRefused):
        consume_sign_on.failure(completing(), ConditionFailed(item=UNDER_WAY))


def test_the_code_is_exchanged_with_what_was_remembered_and_once() -> None:
    ctx = completing()
    sign_on = ctx.stash["sign_on"]
    del ctx.stash["subject"]
    assert exchange_code.request(ctx) == ExchangeCode("a code", CALLBACK, sign_on.verifier, sign_on.nonce)
    exchange_code.response(ctx, SUBJECT)
    with pytest.raises(EarlyReturn):
        exchange_code.request(ctx)


class TestWhichAccount:
    def test_is_that_of_the_link(self) -> None:
        operation = find_account.request(completing(link=_link("bob"), claimed_by="alice"))
        assert operation.key.pk == "USER#bob"

    def test_is_nobodys_for_a_new_subject(self) -> None:
        with pytest.raises(EarlyReturn):
            find_account.request(completing())

    def test_is_not_that_of_whoever_claims_the_email(self) -> None:
        with pytest.raises(AlreadyExists):
            find_account.request(completing(claimed_by="alice"))

    def test_is_that_one_if_the_operator_says_so(self) -> None:
        vouched = Subject(SUBJECT.issuer, SUBJECT.subject, SUBJECT.email, email_links=True)
        operation = find_account.request(completing(claimed_by="alice", subject=vouched))
        assert operation.key.pk == "USER#alice"

    def test_is_the_one_that_is_linked(self) -> None:
        operation = find_account.request(completing(sign_on=_sign_on(user_id="bob"), claimed_by="alice"))
        assert operation.key.pk == "USER#bob"
        with pytest.raises(AlreadyExists):
            find_account.request(completing(sign_on=_sign_on(user_id="bob"), link=_link("alice")))

    def test_that_has_just_gone_is_refused(self) -> None:
        with pytest.raises(SignInRefused):
            find_account.response(completing(), None)


class TestComplete:
    def test_a_new_account_its_link_and_its_session_are_one_transaction(self) -> None:
        ctx = completing()
        operation = complete_oidc_login.request(ctx, "a state", "a code")
        assert isinstance(operation, TransactWriteItems)
        assert all(isinstance(write, PutItem) for write in operation.writes)
        kinds = [
            (write.item["entityType"], write.key.table) for write in operation.writes if isinstance(write, PutItem)
        ]
        assert kinds == [
            ("USER", KV_STORAGE_DATA),
            ("ASSIGNMENT", USER_QUOTAS),
            ("AUDIT", KV_STORAGE_DATA),
            ("EMAIL", KV_STORAGE_DATA),
            ("SUBJECT", KV_STORAGE_DATA),
            ("LINK", KV_STORAGE_DATA),
            ("AUDIT", KV_STORAGE_DATA),
            ("SESSION", SESSIONS_METADATA),
            ("AUDIT", KV_STORAGE_DATA),
        ]
        new = complete_oidc_login.response(ctx, None)
        assert (new.user.email, new.user.plan, new.user.password_hash) == ("alice@example.com", Plan.FREE, None)

    def test_a_known_account_is_entered_only_as_it_was_read(self) -> None:
        operation = complete_oidc_login.request(completing(user=user(), link=_link()), "a state", "a code")
        account, link = operation.writes[:2]
        assert isinstance(account, ConditionCheck)
        assert isinstance(link, ConditionCheck)
        assert holds(account.condition, {"PK": "USER#alice"})
        assert not holds(account.condition, {"PK": "USER#alice", "status": "SUSPENDED"})
        assert not holds(account.condition, {"PK": "USER#alice", "status": "DELETING"})
        assert not holds(account.condition, None)
        assert not holds(link.condition, {"PK": "OIDC#x", "userId": "bob"})

    @pytest.mark.parametrize("status", ["SUSPENDED", "DELETING"])
    def test_an_account_that_may_not_be_used_is_refused(self, status: str) -> None:
        with pytest.raises(Unauthenticated):
            complete_oidc_login.request(completing(user=user(status=status), link=_link()), "a state", "a code")

    def test_while_sign_up_is_closed_there_is_no_new_account(self) -> None:
        ctx = completing()
        closed = ctx.policies.config.model_copy(update={"sign_up_open": False})
        ctx.policies = replace(ctx.policies, config=closed)
        with pytest.raises(SignUpClosed):
            complete_oidc_login.request(ctx, "a state", "a code")

    def test_a_race_is_decided_by_what_is_there_then(self) -> None:
        lost = TransactionCancelled([CancellationReason("ConditionalCheckFailed")])
        with pytest.raises(Again):
            complete_oidc_login.failure(completing(), lost)
        with pytest.raises(TransactionCancelled):
            complete_oidc_login.failure(completing(), TransactionCancelled([CancellationReason("None")]))
