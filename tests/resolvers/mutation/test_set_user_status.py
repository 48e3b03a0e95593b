"""Mutation.setUserStatus."""

from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.user import UserEntity, UserStatus
from datastore.errors import CancellationReason, NotFound, TransactionCancelled, Unauthorized
from datastore.expressions import Update, equals, exists, missing
from datastore.operations import ConditionCheck, GetItem, PutItem, TransactWriteItems, UpdateItem
from resolvers.context import Context, Identity
from resolvers.flow import Again, EarlyReturn
from resolvers.functions import read_user
from resolvers.mutation import set_user_status
from resolvers.permissions import Permission
from resolvers.roles import still_authorised
from resolvers.scopes import ALL_SCOPES
from tests.resolvers.contexts import FIRST_ID, STAMP, context, request, user

FIELD = "Mutation.setUserStatus"
ROOT = Identity("root", frozenset(ALL_SCOPES), role="admin", permissions=frozenset(Permission))
SUSPENDED = user("bob", status="SUSPENDED", GSI4PK="STATUS#SUSPENDED", GSI4SK="OWNER#bob")
FAILED, FINE = CancellationReason("ConditionalCheckFailed"), CancellationReason("None")


def change(current: UserEntity, status: UserStatus) -> tuple[TransactWriteItems, Context]:
    ctx = context(FIELD, grant=None, identity=ROOT, prev=current, random_bytes=bytes)
    operation, ctx = request(FIELD, ctx, user_id=current.user_id, status=status)
    return operation, ctx


def test_the_user_is_read_as_he_stands() -> None:
    ctx = context(FIELD, arguments={"user_id": "bob"})
    assert read_user.request(ctx) == GetItem(AccessPattern.GET_USER.key(user_id="bob"), consistent=True)
    assert read_user.response(ctx, user("bob").to_item()) == user("bob")
    with pytest.raises(NotFound, match="no user 'bob'"):
        read_user.response(ctx, None)


def test_a_suspension_is_one_transaction_on_the_user_and_on_who_asks_for_it() -> None:
    operation, ctx = change(user("bob"), UserStatus.SUSPENDED)
    update, caller, event, told = operation.writes
    member = missing("role") | equals("role", "member")
    active = equals("status", UserStatus.ACTIVE) | missing("status")
    changes = {"status": UserStatus.SUSPENDED, "updatedAt": STAMP, "writeId": FIRST_ID}
    entry = {"GSI4PK": "STATUS#SUSPENDED", "GSI4SK": "OWNER#bob"}
    assert update == UpdateItem(user("bob").key, Update(changes | entry), exists("PK") & member & active)
    assert caller == still_authorised(ctx)
    assert isinstance(caller, ConditionCheck)
    assert caller.key == AccessPattern.GET_USER.key(user_id="root")
    assert isinstance(event, PutItem)
    assert isinstance(told, PutItem)
    assert (event.item["PK"], event.item["actorId"]) == ("USER#bob", "root")
    assert event.item["detail"] == {"from": "ACTIVE", "to": "SUSPENDED"}
    assert (told.item["PK"], told.item["kind"]) == ("USER#bob", "status.changed")
    assert set_user_status.response(ctx, None).status is UserStatus.SUSPENDED


def test_who_is_let_in_again_leaves_the_index_of_statuses() -> None:
    operation, _ = change(SUSPENDED, UserStatus.ACTIVE)
    changes = {"status": UserStatus.ACTIVE, "updatedAt": STAMP, "writeId": FIRST_ID}
    assert isinstance(operation.writes[0], UpdateItem)
    assert operation.writes[0].update == Update(changes, remove=("GSI4PK", "GSI4SK"))


def test_a_status_that_he_has_already_is_not_written() -> None:
    with pytest.raises(EarlyReturn) as early:
        change(SUSPENDED, UserStatus.SUSPENDED)
    assert early.value.value is SUSPENDED


@pytest.mark.parametrize(
    ("reasons", "raised"),
    [
        ([FAILED, FINE, FINE, FINE], Again),
        ([FINE, FAILED, FINE, FINE], Unauthorized),
        ([FAILED, FAILED, FINE, FINE], Unauthorized),
        ([CancellationReason("ValidationError"), FINE, FINE, FINE], TransactionCancelled),
    ],
)
def test_a_change_of_the_user_is_looked_at_again_one_of_the_caller_ends_it(reasons: Any, raised: Any) -> None:
    with pytest.raises(raised):
        set_user_status.failure(context(FIELD), TransactionCancelled(reasons))
