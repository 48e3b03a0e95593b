"""Mutation.createNamespace, updateNamespace and deleteNamespace."""

from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.user import Plan
from datastore.errors import (
    AlreadyExists,
    BadRequest,
    CancellationReason,
    ConditionFailed,
    LimitExceeded,
    NamespaceDeleting,
    TransactionCancelled,
    Unauthorized,
)
from datastore.expressions import Increment, Update, at_most, equals, exists, missing
from datastore.operations import Page, PutItem, Query, TransactWriteItems, UpdateItem
from datastore.policies import BUILT_IN, Policies
from resolvers.flow import Again, EarlyReturn
from resolvers.functions import list_members, read_namespace
from resolvers.mutation import create_namespace, delete_namespace, update_namespace
from tests.resolvers.contexts import (
    FIRST_ID,
    SECONDS,
    SHOP,
    STAMP,
    context,
    grant_item,
    member_item,
    namespace_item,
    request,
    view,
)

CREATE, UPDATE, DELETE = "Mutation.createNamespace", "Mutation.updateNamespace", "Mutation.deleteNamespace"
NAMESPACE, GRANT = AccessPattern.GET_NAMESPACE.key(SHOP), AccessPattern.GET_GRANT.key(user_id="alice", namespace="shop")
COUNT = AccessPattern.GET_ASSIGNMENT.key(user_id="alice")
NEW = {"createdAt": STAMP, "updatedAt": STAMP}
FAILED, FINE = CancellationReason("ConditionalCheckFailed"), CancellationReason("None")


def _create(name: str = "shop", description: str | None = None) -> Any:
    return request(CREATE, context(CREATE, grant=None), namespace=name, description=description)


def test_a_namespace_its_grant_and_its_first_member_are_made_together_and_once() -> None:
    operation, ctx = _create(description="Ours")
    member = AccessPattern.GET_MEMBER.key(SHOP, user_id="alice").attributes()
    items = (
        namespace_item(**NEW, writeId=FIRST_ID, description="Ours"),
        grant_item(**NEW),
        {**member, "entityType": "MEMBER", "userId": "alice", "role": "OWNER", **NEW},
    )
    *puts, counted = operation.writes
    assert puts == [PutItem(item, missing("PK")) for item in items]
    assert counted.key == COUNT
    assert counted.update.set["namespaces"] == Increment(1)
    assert counted.condition == missing("namespaces") | at_most("namespaces", 99)
    made = create_namespace.response(ctx, None)
    assert (made.entity.to_item(), made.grant) == (items[0], SHOP)


@pytest.mark.parametrize("name", ["", "a", "A1", "-a", "a#b", "a b", "é1", "a" * 64, "a1\n"])
def test_a_name_outside_its_alphabet_is_refused(name: str) -> None:
    with pytest.raises(BadRequest, match=r"namespace .* is not valid"):
        _create(name)


def test_a_description_too_long_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="this one has 1001"):
        _create(description="x" * 1001)


@pytest.mark.parametrize("reasons", [(FAILED, FINE, FINE, FINE), (FINE, FAILED, FINE, FAILED)])
def test_a_name_that_is_taken_is_refused(reasons: Any) -> None:
    _, ctx = _create()
    with pytest.raises(AlreadyExists, match="'shop' already"):
        create_namespace.failure(ctx, TransactionCancelled(reasons))


def test_one_more_than_the_tier_has_is_refused_with_both_numbers() -> None:
    _, ctx = _create()
    full = CancellationReason("ConditionalCheckFailed", item={"namespaces": 100})
    with pytest.raises(LimitExceeded, match="tier free may have 100 namespaces; you have 100"):
        create_namespace.failure(ctx, TransactionCancelled([FINE, FINE, FINE, full]))


def test_a_tier_without_namespaces_is_refused_at_once() -> None:
    free = BUILT_IN.tiers[Plan.FREE].model_copy(update={"max_namespaces": 0})
    policies = Policies(BUILT_IN.config, {**BUILT_IN.tiers, Plan.FREE: free}, BUILT_IN.roles)
    with pytest.raises(LimitExceeded, match="may have 0 namespaces; you have 0"):
        request(CREATE, context(CREATE, grant=None, policies=policies), namespace="shop", description=None)


@pytest.mark.parametrize(("path", "module"), [(CREATE, create_namespace), (DELETE, delete_namespace)])
def test_another_cause_is_the_callers_to_know(path: str, module: Any) -> None:
    with pytest.raises(TransactionCancelled):
        module.failure(context(path), TransactionCancelled([CancellationReason("ValidationError"), FINE]))


@pytest.mark.parametrize(
    ("description", "update"),
    [
        ("Ours", Update({"updatedAt": STAMP, "writeId": FIRST_ID, "description": "Ours"})),
        (None, Update({"updatedAt": STAMP, "writeId": FIRST_ID}, remove=("description",))),
        ("", Update({"updatedAt": STAMP, "writeId": FIRST_ID}, remove=("description",))),
    ],
)
def test_a_description_is_changed_or_cleared_while_the_namespace_is_in_use(
    description: str | None, update: Update
) -> None:
    operation, ctx = request(UPDATE, namespace="shop", description=description)
    assert operation == UpdateItem(NAMESPACE, update, equals("status", "ACTIVE"))
    assert update_namespace.response(ctx, namespace_item()) == view()


def test_a_namespace_that_goes_is_not_changed() -> None:
    with pytest.raises(NamespaceDeleting, match="'shop' is being deleted"):
        update_namespace.failure(context(UPDATE), ConditionFailed())


def _delete(*members: str) -> Any:
    return request(DELETE, context(DELETE, prev=view(), stash={"members": list(members)}), namespace="shop")


def test_a_namespace_and_every_grant_in_it_are_marked_together() -> None:
    assert [step.__name__ for step in delete_namespace.STEPS] == [list_members.__name__, read_namespace.__name__]
    operation, ctx = _delete("alice", "bob")
    changes = {"status": "DELETING", "updatedAt": STAMP}
    index = {"GSI4PK": "STATUS#DELETING", "GSI4SK": "OWNER#alice#NS#shop"}
    mark = Update(changes | index | {"deletingSince": SECONDS})
    bobs = AccessPattern.GET_GRANT.key(user_id="bob", namespace="shop")
    assert operation == TransactWriteItems(
        (
            UpdateItem(NAMESPACE, mark, equals("status", "ACTIVE")),
            UpdateItem(GRANT, Update(changes), equals("role", "OWNER")),
            UpdateItem(bobs, Update(changes), exists("PK")),
            UpdateItem(COUNT, Update({"updatedAt": STAMP, "namespaces": Increment(-1, start=1)})),
        )
    )
    assert delete_namespace.response(ctx, None).entity.status == "DELETING"


def test_the_members_marked_are_a_page_of_them() -> None:
    operation = list_members.request(context(DELETE))
    assert operation == Query(AccessPattern.LIST_MEMBERS.range(SHOP), 96, consistent=True)
    ctx = context(DELETE)
    list_members.response(ctx, Page((member_item("alice", role="OWNER"), member_item("bob")), more=True))
    assert ctx.stash["members"] == ["alice", "bob"]
    members = [f"m{number}" for number in range(list_members.MOST_MEMBERS)]
    assert len(_delete(*members)[0].writes) <= 100


@pytest.mark.parametrize("current", [None, view(status="DELETING")])
def test_what_goes_already_is_answered_as_it_stands(current: Any) -> None:
    with pytest.raises(EarlyReturn) as early:
        request(DELETE, context(DELETE, prev=current), namespace="shop")
    assert (early.value.value, early.value.skip_to) == (current, "END")


@pytest.mark.parametrize("reasons", [(FAILED, FINE, FINE), (FINE, FINE, FAILED), (FAILED, FAILED)])
def test_somebody_elses_change_at_the_same_moment_makes_it_look_again(reasons: Any) -> None:
    with pytest.raises(Again):
        delete_namespace.failure(context(DELETE), TransactionCancelled(reasons))


def test_whoever_is_no_owner_any_more_is_told_so() -> None:
    with pytest.raises(Unauthorized):
        delete_namespace.failure(context(DELETE), TransactionCancelled([FINE, FAILED, FINE]))
