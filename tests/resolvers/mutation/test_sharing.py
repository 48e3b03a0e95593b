"""Mutation.shareNamespace and unshareNamespace."""

from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.namespace import GrantEntity, MemberEntity, NamespaceEntity
from datastore.entities.user import UserEntity
from datastore.errors import (
    BadRequest,
    CancellationReason,
    NamespaceDeleting,
    NotFound,
    TransactionCancelled,
    Unauthorized,
)
from datastore.expressions import differs, equals, exists, missing
from datastore.grants import Grant, NamespaceRole
from datastore.operations import BatchGetItem, ConditionCheck, DeleteItem, GetItem, PutItem
from resolvers.context import Context, Identity
from resolvers.flow import Again, EarlyReturn
from resolvers.functions import check_user_id, find_invited, read_membership
from resolvers.membership import Membership
from resolvers.mutation import share_namespace, unshare_namespace
from tests.resolvers.contexts import (
    ALICE,
    EARLIER,
    SHOP,
    STAMP,
    context,
    grant_item,
    member_item,
    namespace_item,
    request,
    user,
)

SHARE, UNSHARE = "Mutation.shareNamespace", "Mutation.unshareNamespace"
BOB = user("bob", email="bob@example.com")
NAMESPACE = AccessPattern.GET_NAMESPACE.key(SHOP)
OWN = AccessPattern.GET_GRANT.key(user_id="alice", namespace="shop")
BOBS = AccessPattern.GET_GRANT.key(user_id="bob", namespace="shop")
LISTED = AccessPattern.GET_MEMBER.key(SHOP, user_id="bob")
IN_USE = ConditionCheck(NAMESPACE, equals("status", "ACTIVE"))
STILL_OWNER = ConditionCheck(OWN, equals("role", "OWNER"))
FAILED, FINE = CancellationReason("ConditionalCheckFailed"), CancellationReason("None")
BOBS_SELF = Identity("bob", ALICE.scopes)


def membership(
    role: str | None = None, *, listed: str | None = None, owner: str = "alice", who: UserEntity | None = BOB
) -> Membership:
    """`role` by the grant; `listed` by the list of members, the same unless told."""
    named = listed or role
    return Membership(
        NamespaceEntity.from_item(namespace_item(ownerId=owner)),
        who,
        GrantEntity.from_item(grant_item(user_id="bob", role=role)) if role else None,
        MemberEntity.from_item(member_item(role=named)) if named else None,
    )


def share(before: Membership, role: NamespaceRole = NamespaceRole.EDITOR) -> tuple[Any, Context]:
    return request(SHARE, context(SHARE, prev=before), namespace="shop", email="bob@example.com", role=role)


def unshare(before: Membership, identity: Identity = ALICE, user_id: str = "bob") -> tuple[Any, Context]:
    return request(UNSHARE, context(UNSHARE, prev=before, identity=identity), namespace="shop", user_id=user_id)


def read(ctx: Context, *items: Any) -> Membership:
    ctx.prev, ctx.stash["user_id"] = "bob", "bob"
    return read_membership.response(ctx, items)


def test_the_invited_is_found_by_the_claim_on_the_folded_email() -> None:
    ctx = context(SHARE, arguments={"email": "Bob@Example.com"})
    key = AccessPattern.CLAIM_EMAIL.key(email="bob@example.com")
    assert find_invited.request(ctx) == GetItem(key, consistent=True)
    assert find_invited.response(ctx, {"userId": "bob"}) == "bob"
    with pytest.raises(NotFound):
        find_invited.response(ctx, None)
    with pytest.raises(BadRequest, match="with oneself"):
        find_invited.response(ctx, {"userId": "alice"})


@pytest.mark.parametrize(("path", "given"), [(SHARE, {"prev": "bob"}), (UNSHARE, {"arguments": {"user_id": "bob"}})])
def test_all_that_the_change_depends_on_is_read_consistently(path: str, given: Any) -> None:
    keys = (NAMESPACE, OWN, AccessPattern.GET_USER.key(user_id="bob"), BOBS, LISTED)
    assert read_membership.request(context(path, **given)) == BatchGetItem(keys, consistent=True)


def test_what_was_read_is_a_membership() -> None:
    items = (namespace_item(), grant_item(), BOB.to_item(), grant_item(user_id="bob"), member_item())
    found = read(context(SHARE), *items)
    assert (found.user, found.grant, found.member) == (
        BOB,
        GrantEntity.from_item(items[3]),
        MemberEntity.from_item(items[4]),
    )
    assert found.role is None, "the grant says OWNER, the list EDITOR"
    assert read(context(SHARE), *items[:2], None, None, None).user is None


@pytest.mark.parametrize(
    ("namespace", "own", "refused"),
    [
        (None, grant_item(), NotFound),
        (namespace_item(), None, NotFound),
        (namespace_item(status="DELETING"), grant_item(), NamespaceDeleting),
        (namespace_item(), grant_item(role="EDITOR"), Unauthorized),
    ],
)
def test_what_authorised_the_call_must_still_be_so(namespace: Any, own: Any, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        read(context(SHARE), namespace, own, None, None, None)


def test_whoever_leaves_need_not_be_an_owner() -> None:
    grant = Grant("bob", "shop", NamespaceRole.VIEWER)
    ctx = context(UNSHARE, grant=grant, identity=BOBS_SELF)
    mine = grant_item(user_id="bob", role="VIEWER")
    assert read(ctx, namespace_item(), mine, BOB.to_item(), mine, member_item()).grant is not None


def test_grant_member_message_and_audit_are_made_together_while_all_is_as_it_was_read() -> None:
    operation, ctx = share(membership())
    checks, (grant, member), (told, *audits) = operation.writes[:3], operation.writes[3:5], operation.writes[5:]
    there = ConditionCheck(BOB.key, exists("PK") & differs("status", "DELETING"))
    assert checks == (IN_USE, STILL_OWNER, there)
    made = {"createdAt": STAMP, "updatedAt": STAMP, "role": "EDITOR"}
    assert grant == PutItem(grant_item(user_id="bob", ownerId="alice", **made), missing("PK"))
    assert member == PutItem(member_item(email="bob@example.com", **made), missing("PK"))
    assert told.key.pk == "USER#bob"
    assert sorted(each.key.pk for each in audits) == ["USER#alice", "USER#bob"]
    assert share_namespace.response(ctx, None).to_item() == member.item


def test_another_role_replaces_the_one_that_was_read() -> None:
    operation, _ = share(membership("VIEWER"))
    grant, member = operation.writes[3:5]
    as_read = equals("updatedAt", EARLIER) & equals("role", "VIEWER")
    for put in (grant, member):
        assert (put.condition, put.item["role"], put.item["createdAt"]) == (as_read, "EDITOR", EARLIER)


def test_a_grant_without_its_member_is_mended() -> None:
    before = membership("EDITOR", listed="VIEWER")
    operation, _ = share(before)
    assert [put.item["role"] for put in operation.writes[3:5]] == ["EDITOR", "EDITOR"]


def test_the_same_role_again_is_answered_as_it_stands() -> None:
    before = membership("EDITOR")
    with pytest.raises(EarlyReturn) as early:
        share(before)
    assert (early.value.value, early.value.skip_to) == (before.member, "END")


@pytest.mark.parametrize("who", [None, user("bob", email="bob@example.com", status="DELETING")])
def test_whoever_has_gone_is_answered_like_one_that_never_was(who: UserEntity | None) -> None:
    with pytest.raises(NotFound, match=find_invited.UNKNOWN):
        share(membership(who=who))


def test_whoever_made_the_namespace_stays_its_owner() -> None:
    with pytest.raises(BadRequest, match="stays its OWNER"):
        share(membership("OWNER", owner="bob"), NamespaceRole.VIEWER)
    with pytest.raises(BadRequest, match="stays its OWNER"):
        unshare(membership("OWNER", owner="bob"))


def test_what_can_be_nobodys_id_is_answered_without_a_read() -> None:
    check_user_id.request(context(UNSHARE, arguments={"user_id": "bob"}))
    for text in ("", "#", "a b", "x" * 65, "bob\n"):
        with pytest.raises(EarlyReturn) as early:
            check_user_id.request(context(UNSHARE, arguments={"user_id": text}))
        assert (early.value.value, early.value.skip_to) == (False, "END")


def test_grant_and_member_end_together_while_they_are_as_they_were_read() -> None:
    operation, ctx = unshare(membership("EDITOR"))
    as_read = equals("updatedAt", EARLIER) & equals("role", "EDITOR")
    checks, ended, (told, *audits) = operation.writes[:2], operation.writes[2:4], operation.writes[4:]
    assert checks == (IN_USE, STILL_OWNER)
    assert ended == (DeleteItem(BOBS, as_read), DeleteItem(LISTED, as_read))
    assert told.key.pk == "USER#bob"
    assert sorted(each.key.pk for each in audits) == ["USER#alice", "USER#bob"]
    assert unshare_namespace.response(ctx, None) is True


def test_whoever_leaves_tells_the_owner() -> None:
    operation, _ = unshare(membership("VIEWER"), BOBS_SELF)
    assert operation.writes[0] == IN_USE
    assert operation.writes[1].key == BOBS
    assert operation.writes[3].key.pk == "USER#alice"


def test_where_there_is_no_member_the_answer_is_false() -> None:
    with pytest.raises(EarlyReturn) as early:
        unshare(membership())
    assert (early.value.value, early.value.skip_to) == (False, "END")


@pytest.mark.parametrize("module", [share_namespace, unshare_namespace])
def test_somebody_elses_change_at_the_same_moment_makes_it_look_again(module: Any) -> None:
    with pytest.raises(Again):
        module.failure(context(SHARE), TransactionCancelled([FINE, FAILED]))
    with pytest.raises(TransactionCancelled):
        module.failure(context(SHARE), TransactionCancelled([CancellationReason("ValidationError")]))
