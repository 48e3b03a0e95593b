"""Mutation.putRole and setUserRole, and Query.roles."""

from dataclasses import replace
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.role import RoleEntity
from datastore.entities.user import UserEntity
from datastore.errors import (
    BadRequest,
    CancellationReason,
    LimitExceeded,
    NotFound,
    TransactionCancelled,
    Unauthorized,
)
from datastore.expressions import Update, differs, equals, exists, missing
from datastore.operations import BatchGetItem, ConditionCheck, GetItem, Nothing, PutItem, UpdateItem
from datastore.policies import BUILT_IN, Policies
from resolvers.context import Context, Identity
from resolvers.flow import Again, EarlyReturn
from resolvers.functions import read_role, read_user_and_role
from resolvers.mutation import put_role, set_user_role
from resolvers.permissions import permissions_of
from resolvers.query import roles
from tests.resolvers.contexts import ALICE, EARLIER, STAMP, context, request, user

PUT, SET = "Mutation.putRole", "Mutation.setUserRole"
SUPPORT = RoleEntity.new("support", EARLIER, permissions=["users:read"])
KEEPER = RoleEntity.new("keeper", EARLIER, permissions=["roles:write", "users:read"])
ROOT = RoleEntity.new("root", EARLIER, permissions=["*"])
STRONG = RoleEntity.new("strong", EARLIER, permissions=["users:write"])
POLICIES = Policies(
    BUILT_IN.config, BUILT_IN.tiers, {**BUILT_IN.roles, **{each.role: each for each in (SUPPORT, KEEPER, ROOT, STRONG)}}
)
FAILED, FINE = CancellationReason("ConditionalCheckFailed"), CancellationReason("None")
SELF = AccessPattern.GET_USER.key(user_id="alice")
ACTIVE = missing("status") | equals("status", "ACTIVE")
BOB = AccessPattern.GET_USER.key(user_id="bob")


def holder(role: str) -> Identity:
    return replace(ALICE, role=role, permissions=permissions_of(POLICIES, role))


def put(stored: RoleEntity | None = None, *, caller: str = "admin", role: str = "support", **arguments: Any) -> Any:
    given = context(
        PUT, identity=holder(caller), policies=POLICIES, prev=stored.to_item() if stored else None, grant=None
    )
    return request(PUT, given, role=role, **{"permissions": ["users:read"], "description": None} | arguments)


def give(to: UserEntity, role: RoleEntity, *, caller: str = "admin", user_id: str | None = None) -> tuple[Any, Context]:
    given = context(SET, identity=holder(caller), policies=POLICIES, prev=to, stash={"role": role}, grant=None)
    return request(SET, given, user_id=user_id or to.user_id, role=role.role)


def test_the_roles_are_those_in_force_by_name() -> None:
    ctx = context("Query.roles", policies=POLICIES)
    assert roles.request(ctx) == Nothing()
    assert [role.role for role in roles.response(ctx, None)] == [
        "admin",
        "keeper",
        "member",
        "root",
        "strong",
        "support",
    ]


def test_a_role_is_put_while_it_is_as_it_was_read_and_the_caller_is_who_he_was() -> None:
    assert read_role.request(context(PUT, arguments={"role": "support"})) == GetItem(SUPPORT.key, consistent=True)
    (operation, ctx) = put(SUPPORT, permissions=["users:write", "users:write"], description="d")
    write, check, told = operation.writes
    item = SUPPORT.to_item() | {"permissions": ["users:write"], "description": "d", "updatedAt": STAMP}
    assert write == PutItem(item, equals("updatedAt", EARLIER))
    assert check == ConditionCheck(SELF, equals("role", "admin") & ACTIVE)
    assert told.item["detail"] == {"before": ["users:read"], "after": ["users:write"]}
    assert put_role.response(ctx, None).to_item() == item


def test_a_new_role_must_be_new() -> None:
    (operation, _) = put(role="fresh")
    new = RoleEntity.new("fresh", STAMP, permissions=["users:read"])
    assert operation.writes[0] == PutItem(new.to_item(), missing("PK"))
    assert operation.writes[2].item["detail"]["before"] is None


def test_the_role_member_starts_from_what_is_built_in() -> None:
    (operation, _) = put(role="member")
    assert operation.writes[2].item["detail"] == {"before": [], "after": ["users:read"]}


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        ({"role": "admin"}, BadRequest),
        ({"role": "keeper", "caller": "keeper"}, BadRequest),
        ({"permissions": ["users:read", "all"]}, BadRequest),
        ({"permissions": ["\ud800"]}, BadRequest),
        ({"description": "x" * 1001}, LimitExceeded),
        ({"caller": "keeper", "permissions": ["users:write"]}, Unauthorized),
        ({"caller": "keeper", "permissions": ["*"]}, Unauthorized),
        ({"caller": "keeper", "stored": STRONG, "role": "strong"}, Unauthorized),
    ],
)
def test_some_roles_are_not_put(arguments: dict[str, Any], refused: type[Exception]) -> None:
    with pytest.raises(refused):
        put(**arguments)


def test_whoever_holds_everything_by_another_name_may_give_everything() -> None:
    assert put(caller="root", role="fresh", permissions=["*", "users:read"])


def test_there_are_at_most_100_roles() -> None:
    many = {f"r{number}": RoleEntity.new(f"r{number}", EARLIER, permissions=[]) for number in range(100)}
    policies = Policies(BUILT_IN.config, BUILT_IN.tiers, {**BUILT_IN.roles, **many})
    for role, stored in (("r1", many["r1"]), ("fresh", None)):
        ctx = context(PUT, identity=holder("admin"), policies=policies, prev=stored and stored.to_item())
        if stored:
            assert request(PUT, ctx, role=role, permissions=[])
        else:
            with pytest.raises(LimitExceeded, match="may be 100 roles"):
                request(PUT, ctx, role=role, permissions=[])


def test_user_and_role_are_read_consistently() -> None:
    ctx = context(SET, arguments={"user_id": "bob", "role": "support"})
    assert read_user_and_role.request(ctx) == BatchGetItem((BOB, SUPPORT.key), consistent=True)
    assert read_user_and_role.response(ctx, (user("bob").to_item(), SUPPORT.to_item())).user_id == "bob"
    assert ctx.stash["role"] == SUPPORT
    for gone in (None, user("bob", status="DELETING").to_item()):
        with pytest.raises(NotFound):
            read_user_and_role.response(ctx, (gone, SUPPORT.to_item()))
    with pytest.raises(BadRequest, match="no role support"):
        read_user_and_role.response(ctx, (user("bob").to_item(), None))


def test_a_built_in_role_need_not_be_stored() -> None:
    ctx = context(SET, arguments={"user_id": "bob", "role": "admin"})
    read_user_and_role.response(ctx, (user("bob").to_item(), None))
    assert ctx.stash["role"] == BUILT_IN.roles["admin"]


@pytest.mark.parametrize(
    ("before", "condition"),
    [
        ("member", missing("role") | equals("role", "member")),
        ("support", equals("role", "support")),
        ("a-role-of-another-version", equals("role", "a-role-of-another-version")),
    ],
)
def test_a_role_is_given_while_user_and_caller_are_as_they_were_read(before: str, condition: Any) -> None:
    operation, ctx = give(user("bob", role=before), STRONG)
    change, check, told = operation.writes
    there = exists("PK") & differs("status", "DELETING") & condition
    assert change == UpdateItem(BOB, Update({"role": "strong", "updatedAt": STAMP}), there)
    assert check == ConditionCheck(SELF, equals("role", "admin") & ACTIVE)
    assert (told.key.pk, told.item["detail"]) == ("USER#bob", {"before": before, "after": "strong"})
    assert set_user_role.response(ctx, None).role == "strong"


def test_the_same_role_again_is_answered_as_it_stands() -> None:
    for who, caller in ((user("bob", role="support"), "admin"), (user("alice", role="support"), "support")):
        with pytest.raises(EarlyReturn) as early:
            give(who, SUPPORT, caller=caller)
        assert (early.value.value, early.value.skip_to) == (who, "END")


@pytest.mark.parametrize(
    ("who", "role", "caller", "refused"),
    [
        (user("alice", role="admin"), BUILT_IN.roles["member"], "admin", BadRequest),
        (user("alice", role="keeper"), SUPPORT, "keeper", BadRequest),
        (user("bob", role="admin"), SUPPORT, "root", Unauthorized),
        (user("bob", role="strong"), SUPPORT, "keeper", Unauthorized),
        (user("bob"), STRONG, "keeper", Unauthorized),
        (user("bob"), BUILT_IN.roles["admin"], "keeper", Unauthorized),
    ],
)
def test_some_roles_are_not_given(who: UserEntity, role: RoleEntity, caller: str, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        give(who, role, caller=caller)


@pytest.mark.parametrize("module", [put_role, set_user_role])
def test_whoever_has_lost_his_own_role_is_told_so_and_others_changes_make_it_look_again(module: Any) -> None:
    with pytest.raises(Unauthorized):
        module.failure(context(PUT), TransactionCancelled([FAILED, FAILED, FINE]))
    with pytest.raises(Again):
        module.failure(context(PUT), TransactionCancelled([FAILED, FINE, FINE]))
    with pytest.raises(TransactionCancelled):
        module.failure(context(PUT), TransactionCancelled([CancellationReason("ValidationError"), FINE, FINE]))
