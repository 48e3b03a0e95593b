"""Mutation.signUp, createApiKey and revokeApiKey."""

from dataclasses import replace
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.api_keys import digest_api_key, is_api_key, make_api_key, shown_prefix
from datastore.entities.api_key import ApiKeyEntity
from datastore.entities.audit_event import AuditEventEntity
from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import Plan, UserEntity
from datastore.errors import (
    AlreadyExists,
    BadRequest,
    CancellationReason,
    LimitExceeded,
    SignUpClosed,
    TransactionCancelled,
)
from datastore.expressions import Update, equals, missing
from datastore.operations import DeleteItem, HashPassword, Nothing, PutItem, TransactWriteItems, UpdateItem
from datastore.policies import BUILT_IN
from datastore.tables import USER_QUOTAS
from datastore.ulids import make_ulid
from resolvers.context import Context, Identity
from resolvers.flow import Again, EarlyReturn
from resolvers.functions import check_sign_up, hash_password, read_own_key
from resolvers.mutation import create_api_key, revoke_api_key, sign_up
from tests.resolvers.contexts import EARLIER, NOW, SECONDS, STAMP, context, request, user

SIGN_UP, CREATE, REVOKE = "Mutation.signUp", "Mutation.createApiKey", "Mutation.revokeApiKey"
TEXT = make_api_key(bytes(24))
DIGEST = digest_api_key(TEXT)
ULID = make_ulid(NOW, bytes(10))
KEY = AccessPattern.GET_API_KEY.key(digest=DIGEST)
FAILED, FINE = CancellationReason("ConditionalCheckFailed"), CancellationReason("None")


def _event(action: str, *, detail: Any) -> PutItem:
    event = AuditEventEntity.new(
        ULID, STAMP, user_id="alice", action=action, actor_id="alice", target=DIGEST, detail=detail
    )
    return PutItem(event.to_item())


def _sign_up() -> tuple[Any, Context]:
    ctx = context(SIGN_UP, grant=None, identity=None, prev="$argon2id$", random_bytes=bytes)
    return request(SIGN_UP, ctx, email="Ann@Example.com", password="correct horse")


def test_the_password_is_hashed_once_it_is_known_that_signing_up_is_open() -> None:
    assert [step.__name__ for step in sign_up.STEPS] == [check_sign_up.__name__, hash_password.__name__]
    ctx = context(SIGN_UP, arguments={"password": "correct horse"})
    assert hash_password.request(ctx) == HashPassword("correct horse")
    assert "horse" not in repr(hash_password.request(ctx))
    assert hash_password.response(ctx, "$argon2id$") == "$argon2id$"


def test_a_user_the_claim_on_the_email_a_key_and_the_tier_are_made_together_and_once() -> None:
    operation, ctx = _sign_up()
    new = UserEntity.new(
        "id-1",
        STAMP,
        email="Ann@Example.com",
        plan=Plan.FREE,
        passwordHash="$argon2id$",
        apiKey=shown_prefix(TEXT),
        writeId="id-2",
        GSI1PK=f"APIKEY#{DIGEST}",
        GSI1SK="METADATA",
    )
    claim = {"PK": "EMAIL#ann@example.com", "SK": "METADATA", "entityType": "EMAIL", "userId": "id-1"}
    key = ApiKeyEntity.new(TEXT, user_id="id-1", name="first", scopes=["read", "write", "admin"], created_at=STAMP)
    items = (new.to_item(), claim | {"createdAt": STAMP, "updatedAt": STAMP}, key.to_item())
    puts = [PutItem(item, missing("PK")) for item in items]
    tier = PutItem(AssignmentEntity.of(new).to_item(), missing("PK"), USER_QUOTAS)
    event = AuditEventEntity.new(ULID, STAMP, user_id="id-1", action="account.created")
    assert operation == TransactWriteItems((*puts, tier, PutItem(event.to_item())))
    assert sign_up.response(ctx, None) == sign_up.SignUp(new, TEXT)


def test_nobody_signs_up_while_that_is_closed() -> None:
    ctx = context(SIGN_UP, identity=None)
    assert check_sign_up.request(ctx) == Nothing()
    ctx.policies = replace(BUILT_IN, config=BUILT_IN.config.model_copy(update={"sign_up_open": False}))
    with pytest.raises(SignUpClosed):
        check_sign_up.request(ctx)


def test_a_new_user_has_the_plan_that_new_users_have() -> None:
    ctx = context(SIGN_UP, grant=None, identity=None, prev="$argon2id$", random_bytes=bytes)
    ctx.policies = replace(BUILT_IN, config=BUILT_IN.config.model_copy(update={"default_plan": Plan.PRO}))
    operation, _ = request(SIGN_UP, ctx, email="ann@example.com", password="correct horse")
    assert (operation.writes[0].item["plan"], operation.writes[3].item["tier"]) == ("pro", "pro")


def test_neither_the_key_nor_the_password_is_stored() -> None:
    stored = str(_sign_up()[0])
    assert TEXT not in stored
    assert "correct horse" not in stored


def test_an_email_that_is_taken_is_refused() -> None:
    with pytest.raises(AlreadyExists, match="this email already"):
        sign_up.failure(_sign_up()[1], TransactionCancelled([FINE, FAILED, FINE]))


def test_another_cause_of_a_failed_sign_up_is_not_taken_for_that() -> None:
    with pytest.raises(TransactionCancelled):
        sign_up.failure(_sign_up()[1], TransactionCancelled([FAILED, FINE, FINE]))


def _create(ctx: Context | None = None, **arguments: Any) -> tuple[Any, Context]:
    ctx = ctx or context(CREATE, random_bytes=bytes)
    return request(CREATE, ctx, **{"name": "ci", "scopes": None, "expires_in": None} | arguments)


@pytest.mark.parametrize(
    ("arguments", "scopes", "expires_at"),
    [
        ({}, ["read", "write"], None),
        ({"scopes": ["admin"], "expires_in": 60}, ["admin"], SECONDS + 60),
    ],
)
def test_a_new_key_is_put_under_its_digest(arguments: Any, scopes: list[str], expires_at: int | None) -> None:
    operation, ctx = _create(**arguments)
    entity = ApiKeyEntity.new(TEXT, user_id="alice", name="ci", scopes=scopes, created_at=STAMP, expires_at=expires_at)
    detail = {"name": "ci", "prefix": shown_prefix(TEXT), "scopes": scopes}
    assert operation == TransactWriteItems(
        (PutItem(entity.to_item(), missing("PK")), _event("apiKey.created", detail=detail))
    )
    assert TEXT not in str(operation)
    made = create_api_key.response(ctx, None)
    assert (made.entity, made.secret) == (entity, TEXT)
    assert is_api_key(made.secret)


def test_a_key_that_is_there_already_is_this_one_and_its_answer_was_lost() -> None:
    _, ctx = _create()
    assert create_api_key.failure(ctx, TransactionCancelled([FAILED, FINE])).secret == TEXT
    with pytest.raises(TransactionCancelled):
        create_api_key.failure(ctx, TransactionCancelled([FINE, CancellationReason("ValidationError")]))


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_a_name_has_1_to_100_characters(name: str) -> None:
    with pytest.raises(LimitExceeded, match=f"1 to 100 characters; this one has {len(name)}"):
        _create(name=name)


def test_no_key_makes_a_stronger_one() -> None:
    weak = context(CREATE, identity=Identity("alice", frozenset({"read"})))
    with pytest.raises(BadRequest, match="not have itself: write"):
        _create(weak)


def _key_item(user_id: str = "alice") -> dict[str, Any]:
    return ApiKeyEntity.new(TEXT, user_id=user_id, name="ci", scopes=["read"], created_at=EARLIER).to_item()


def _revoke(key: Any, owner: Any = None) -> tuple[Any, Context]:
    assert [step.__name__ for step in revoke_api_key.STEPS] == [read_own_key.__name__]
    return request(REVOKE, context(REVOKE, stash={"key": key, "user": owner}), api_key_id=DIGEST)


def test_a_key_of_the_callers_is_deleted() -> None:
    operation, ctx = _revoke(_key_item(), user().to_item())
    event = _event("apiKey.revoked", detail={"name": "ci", "prefix": shown_prefix(TEXT)})
    assert operation == TransactWriteItems((DeleteItem(KEY, equals("userId", "alice")), event))
    assert revoke_api_key.response(ctx, None) is True


def test_with_the_first_key_goes_the_index_entry() -> None:
    first = user(GSI1PK=f"APIKEY#{DIGEST}", GSI1SK="METADATA")
    operation, _ = _revoke(_key_item(), first.to_item())
    forget = Update({"updatedAt": STAMP}, remove=("apiKey", "GSI1PK", "GSI1SK"))
    key = AccessPattern.GET_USER.key(user_id="alice")
    assert operation.writes[1] == UpdateItem(key, forget, equals("GSI1PK", f"APIKEY#{DIGEST}"))


def test_where_there_is_no_such_key_the_answer_is_false() -> None:
    with pytest.raises(EarlyReturn) as early:
        _revoke(None)
    assert (early.value.value, early.value.skip_to) == (False, "END")


def test_somebody_elses_revocation_at_the_same_moment_makes_it_look_again() -> None:
    with pytest.raises(Again):
        revoke_api_key.failure(context(REVOKE), TransactionCancelled([FAILED]))
    with pytest.raises(TransactionCancelled):
        revoke_api_key.failure(context(REVOKE), TransactionCancelled([CancellationReason("ValidationError")]))
