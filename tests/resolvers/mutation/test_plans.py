"""Mutation.putTier and setUserPlan."""

from dataclasses import replace
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.quota_event import QuotaEventEntity, QuotaEventKind
from datastore.entities.tier import TierEntity
from datastore.entities.user import Plan, UserEntity, UserStatus
from datastore.errors import BadRequest, CancellationReason, LimitExceeded, TransactionCancelled, Unauthorized
from datastore.expressions import Condition, IfMissing, Update, equals, missing
from datastore.operations import PutItem, TransactWriteItems, UpdateItem
from datastore.tables import QUOTA_EVENTS, USER_QUOTAS
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.flow import Again, EarlyReturn
from resolvers.inputs import PutTier
from resolvers.messages import MessageKind, message
from resolvers.mutation import put_tier, set_user_plan
from resolvers.roles import is_let_in_as, still_authorised
from tests.resolvers.contexts import FIRST_ID, SECONDS, STAMP, context, request, user

PUT, SET = "Mutation.putTier", "Mutation.setUserPlan"
TIER = PutTier(
    tier=Plan.PRO,
    max_namespaces=3,
    max_keys_per_namespace=4.0,
    max_storage_bytes=1e15,
    max_value_bytes=409_600,
    requests_per_month=6.0,
    requests_per_second=7,
)
LIMITS = {
    "maxNamespaces": 3,
    "maxStorageBytes": 10**15,
    "maxValueBytes": 409_600,
    "requestsPerMonth": 6,
    "requestsPerSecond": 7,
}
IS_USER = equals("entityType", "USER")
FREE = equals("plan", Plan.FREE) | missing("plan")
ACTIVE = equals("status", UserStatus.ACTIVE) | missing("status")
FAILED, FINE = CancellationReason("ConditionalCheckFailed"), CancellationReason("None")


def put(**changes: Any) -> tuple[TransactWriteItems, Context]:
    operation, ctx = request(PUT, context(PUT, grant=None), tier=replace(TIER, **changes))
    return operation, ctx


def give(current: UserEntity, plan: Plan) -> tuple[TransactWriteItems, Context]:
    operation, ctx = request(SET, context(SET, grant=None, prev=current), user_id=current.user_id, plan=plan)
    return operation, ctx


@pytest.mark.parametrize(("given", "kept"), [(4.0, {"maxKeysPerNamespace": 4}), (None, {})])
def test_a_tier_is_put_whole_with_an_event_in_the_account_of_whoever_puts_it(given: float | None, kept: Any) -> None:
    operation, ctx = put(max_keys_per_namespace=given)
    stamps = {"entityType": "TIER", "tier": "pro", "createdAt": STAMP, "updatedAt": STAMP}
    item = {"PK": "QUOTA#pro", "SK": "METADATA"} | stamps | LIMITS | kept
    detail = LIMITS | {"maxKeysPerNamespace": kept.get("maxKeysPerNamespace")}
    event = audit(ctx, AuditAction.TIER_CHANGED, user_id="alice", target="pro", detail=detail)
    assert operation == TransactWriteItems((PutItem(item, table=USER_QUOTAS), still_authorised(ctx), event))
    assert put_tier.response(ctx, None) == TierEntity.from_item(item)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("max_namespaces", 0, 1_000_000),
        ("max_keys_per_namespace", 0, 10**15),
        ("max_storage_bytes", 0, 10**15),
        ("max_value_bytes", 1, 409_600),
        ("requests_per_month", 1, 10**15),
        ("requests_per_second", 1, 1_000_000),
    ],
)
def test_each_limit_is_a_whole_number_of_a_range(name: str, least: int, most: int) -> None:
    for value in (least, most):
        assert put(**{name: float(value)})
    for value in (least - 1, most + 1, least + 0.5, 1e300):
        with pytest.raises(LimitExceeded, match=f"{name.replace('_', ' ')} is a whole number from {least} to {most};"):
            put(**{name: value})


def writes(ctx: Context, condition: Condition, *, before: Plan, after: Plan) -> tuple[Any, ...]:
    """All that another plan of bob's changes: he himself, his assignment, and what tells of it."""
    bob = AccessPattern.GET_USER.key(user_id="bob")
    changed = Update({"plan": after, "updatedAt": STAMP, "writeId": FIRST_ID})
    assigned = Update(
        {"entityType": "ASSIGNMENT", "userId": "bob", "createdAt": IfMissing(STAMP), "tier": after, "updatedAt": STAMP}
        | {"GSI1PK": f"TIER#{after}", "GSI1SK": "USER#bob"}
    )
    event = QuotaEventEntity.new(
        "bob",
        QuotaEventKind.PLAN_CHANGED,
        ulid=ctx.auto_ulid(),
        created_at=STAMP,
        seconds=SECONDS,
        plan=after,
        planBefore=before,
    )
    body = f"It was {before}. Its limits hold within seconds; me {{ quota }} shows them."
    return (
        UpdateItem(bob, changed, condition),
        UpdateItem(AccessPattern.GET_ASSIGNMENT.key(user_id="bob"), assigned),
        PutItem(event.to_item(), table=QUOTA_EVENTS),
        audit(ctx, AuditAction.PLAN_CHANGED, user_id="bob", detail={"from": before, "to": after}),
        message(ctx, MessageKind.PLAN_CHANGED, user_id="bob", subject=f"Your plan is now {after}", body=body),
        still_authorised(ctx),
    )


@pytest.mark.parametrize(
    ("attributes", "before", "after", "condition"),
    [
        ({}, Plan.FREE, Plan.PRO, IS_USER & FREE & ACTIVE),
        ({"plan": "pro"}, Plan.PRO, Plan.FREE, IS_USER & equals("plan", Plan.PRO) & ACTIVE),
        ({"status": "SUSPENDED"}, Plan.FREE, Plan.SCALE, IS_USER & FREE & equals("status", UserStatus.SUSPENDED)),
    ],
)
def test_another_plan_is_one_transaction_on_the_user_as_he_was_read(
    attributes: Any, before: Plan, after: Plan, condition: Condition
) -> None:
    operation, ctx = give(user("bob", **attributes), after)
    assert operation == TransactWriteItems(writes(ctx, condition, before=before, after=after))
    changed = set_user_plan.response(ctx, None)
    assert changed == user("bob", **attributes).model_copy(update={"plan": after, "updated_at": STAMP})


def test_a_plan_that_he_has_already_is_not_written() -> None:
    bob = user("bob", plan="pro")
    with pytest.raises(EarlyReturn) as early:
        give(bob, Plan.PRO)
    assert early.value.value is bob


def test_an_account_that_is_going_is_given_no_plan() -> None:
    with pytest.raises(BadRequest, match="being deleted"):
        give(user("bob", status="DELETING"), Plan.PRO)


@pytest.mark.parametrize(
    ("reasons", "raised"),
    [
        ([FAILED, FINE, FINE, FINE, FINE, FINE], Again),
        ([FINE, FINE, FINE, FINE, FINE, FAILED], Unauthorized),
        ([FAILED, FINE, FINE, FINE, FINE, FAILED], Unauthorized),
        ([FAILED, FINE, FINE, FINE, FINE], Again),
        ([CancellationReason("ValidationError"), FINE, FINE, FINE, FINE, FINE], TransactionCancelled),
    ],
)
def test_a_change_in_between_is_looked_at_again_one_of_the_caller_ends_it(reasons: Any, raised: Any) -> None:
    with pytest.raises(raised):
        set_user_plan.failure(context(SET), TransactionCancelled(reasons))


@pytest.mark.parametrize(
    ("reasons", "raised"),
    [
        ([FINE, FAILED, FINE], Unauthorized),
        ([CancellationReason("ThrottlingError"), FINE, FINE], TransactionCancelled),
    ],
)
def test_a_tier_is_put_by_nobody_who_has_lost_his_role_meanwhile(reasons: Any, raised: Any) -> None:
    with pytest.raises(raised):
        put_tier.failure(context(PUT), TransactionCancelled(reasons))


class TestOnesOwnPlan:
    def test_the_one_item_is_asked_for_both(self) -> None:
        operation, ctx = give(user("alice"), Plan.PRO)
        change, *others = operation.writes
        assert isinstance(change, UpdateItem)
        assert change.condition == IS_USER & FREE & is_let_in_as(ctx.caller.role)
        assert change.key not in [each.key for each in others]

    @pytest.mark.parametrize("attributes", [{"role": "support"}, {"status": "SUSPENDED"}])
    def test_it_stays_where_he_is_no_longer_what_he_was_let_in_as(self, attributes: Any) -> None:
        with pytest.raises(Unauthorized):
            give(user("alice", **attributes), Plan.PRO)
