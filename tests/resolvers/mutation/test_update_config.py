"""Mutation.updateConfig, and Query.config, which it reads first."""

from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.config import ConfigEntity
from datastore.entities.user import Plan
from datastore.errors import BadRequest, CancellationReason, TransactionCancelled, Unauthorized
from datastore.expressions import Condition, equals, missing
from datastore.operations import GetItem, PutItem, TransactWriteItems
from datastore.policies import BUILT_IN
from resolvers.context import Context
from resolvers.flow import Again, EarlyReturn
from resolvers.mutation import update_config
from resolvers.query import config
from resolvers.roles import still_authorised
from tests.resolvers.contexts import EARLIER, FIRST_ID, STAMP, context, request

FIELD = "Mutation.updateConfig"
FAILED, FINE = CancellationReason("ConditionalCheckFailed"), CancellationReason("None")
STORED = ConfigEntity.new(EARLIER).model_copy(update={"sign_up_open": False, "write_id": "earlier"})


def update(current: ConfigEntity, **given: Any) -> tuple[TransactWriteItems, Context]:
    operation, ctx = request(FIELD, context(FIELD, prev=current), **given)
    return operation, ctx


def test_what_nobody_has_set_is_built_in() -> None:
    assert request("Query.config")[0] == GetItem(AccessPattern.GET_CONFIG.key(), consistent=True)
    ctx = context("Query.config")
    assert config.response(ctx, None) is BUILT_IN.config
    assert config.response(ctx, STORED.to_item()) == STORED


@pytest.mark.parametrize(
    ("current", "since", "condition"),
    [(BUILT_IN.config, STAMP, missing("writeId")), (STORED, EARLIER, equals("writeId", "earlier"))],
)
def test_what_is_given_is_written_over_what_was_read(current: ConfigEntity, since: str, condition: Condition) -> None:
    operation, ctx = update(current, default_plan=Plan.PRO, read_only=None)
    put, caller, event = operation.writes
    changed = current.model_copy(
        update={"created_at": since, "updated_at": STAMP, "default_plan": Plan.PRO, "write_id": FIRST_ID}
    )
    assert put == PutItem(changed.to_item(), condition)
    assert caller == still_authorised(ctx)
    assert isinstance(event, PutItem)
    assert (event.item["action"], event.item["detail"]) == ("config.changed", {"defaultPlan": "pro"})
    assert event.item["PK"] == "USER#alice"
    assert update_config.response(ctx, None) == changed


def test_what_changes_nothing_is_not_written() -> None:
    with pytest.raises(EarlyReturn) as early:
        update(STORED, sign_up_open=False, default_plan=Plan.FREE)
    assert early.value.value is STORED


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(BadRequest, match="at least one of"):
        update(STORED)


@pytest.mark.parametrize(
    ("reasons", "raised"),
    [
        ([FAILED, FINE, FINE], Again),
        ([FINE, FAILED, FINE], Unauthorized),
        ([FAILED, FAILED, FINE], Unauthorized),
        ([FINE, FINE, CancellationReason("ValidationError")], TransactionCancelled),
    ],
)
def test_a_change_in_between_is_looked_at_again_one_of_the_caller_ends_it(reasons: Any, raised: Any) -> None:
    with pytest.raises(raised):
        update_config.failure(context(FIELD), TransactionCancelled(reasons))
