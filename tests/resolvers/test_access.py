"""Who may call a field: every rule, every scope, and where the namespaces stand among the arguments."""

from dataclasses import replace
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.errors import NamespaceDeleting, NotFound, ReadOnly, Refusal, Unauthenticated, Unauthorized
from datastore.grants import Grant, NamespaceRole, NamespaceStatus
from datastore.operations import GetItem, Item, Operation
from datastore.policies import BUILT_IN
from resolvers.access import Rule, Who, authorize
from resolvers.context import Context, Identity
from resolvers.inputs import CheckKey, DeleteKey, KeyWrite, PutKey
from resolvers.permissions import Permission
from resolvers.scopes import Scope
from tests.resolvers.contexts import context, grant_item, user, view

ROLES = {Who.VIEWER: NamespaceRole.VIEWER, Who.EDITOR: NamespaceRole.EDITOR, Who.OWNER: NamespaceRole.OWNER}
READER, WRITER, ADMIN = (
    Identity("alice", frozenset(scopes)) for scopes in ({Scope.READ}, {Scope.READ, Scope.WRITE}, set(Scope))
)


GRANTS = (grant_item(), grant_item("other"))
OF_USER = Rule(Who.SELF_OR_PERMITTED, "user_id", Permission.USERS_READ)
OF_SOURCE = Rule(Who.SELF_OR_PERMITTED, "source", Permission.USERS_READ)


class Items:
    """The items that the rules look at."""

    def __init__(self, *items: Item) -> None:
        self._items = {(item["PK"], item["SK"]): item for item in items}
        self.read: list[GetItem] = []

    async def execute(self, operation: Operation[Any]) -> Any:
        assert isinstance(operation, GetItem)
        self.read.append(operation)
        return self._items.get((operation.key.pk, operation.key.sk))


def _context(
    path: str = "Query.key", *, identity: Identity | None = ADMIN, source: Any = None, **arguments: Any
) -> Context:
    return context(path, grant=None, identity=identity, source=source, arguments=arguments)


async def _refused(rule: Rule, ctx: Context, items: Items | None = None) -> type[Refusal] | None:
    try:
        await authorize(rule, ctx, (items or Items()).execute)
    except Refusal as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize("who", Who)
async def test_only_an_open_field_may_be_called_without_credentials(who: Who) -> None:
    ctx = _context(identity=None, namespace="shop", user_id="alice")
    of_user = who in (Who.SELF, Who.SELF_OR_PERMITTED)
    refused = await _refused(Rule(who, "user_id" if of_user else "namespace"), ctx)
    assert refused is (None if who is Who.ANYONE else Unauthenticated)


@pytest.mark.parametrize(
    ("path", "identity", "refused"),
    [
        ("Query.me", READER, None),
        ("Query.me", Identity("alice", frozenset({Scope.WRITE})), Unauthorized),
        ("Namespace.keys", Identity("alice", frozenset({Scope.WRITE})), Unauthorized),
        ("Mutation.putKey", READER, Unauthorized),
        ("Mutation.putKey", Identity("alice", frozenset({Scope.WRITE})), None),
        ("Mutation.putKey", Identity("alice"), Unauthorized),
    ],
)
async def test_queries_take_the_read_scope_and_mutations_the_write_scope(
    path: str, identity: Identity, refused: type[Refusal] | None
) -> None:
    assert await _refused(Rule(Who.SIGNED_IN), _context(path, identity=identity)) is refused


PUTS = {"puts": [PutKey("shop", "k", 1), PutKey("other", "k", 1)]}


@pytest.mark.parametrize(
    ("path", "scopes", "rule", "arguments", "refused"),
    [
        ("Query.key", {"read:shop"}, Rule(Who.VIEWER, "namespace"), {"namespace": "shop"}, None),
        ("Query.key", {"read:shop"}, Rule(Who.VIEWER, "namespace"), {"namespace": "other"}, Unauthorized),
        ("Query.key", {"read:shop"}, Rule(Who.VIEWER, "namespace"), {"namespace": "none"}, Unauthorized),
        ("Query.key", {"write:shop"}, Rule(Who.VIEWER, "namespace"), {"namespace": "shop"}, Unauthorized),
        ("Query.key", {"admin"}, Rule(Who.VIEWER, "namespace"), {"namespace": "shop"}, Unauthorized),
        ("Mutation.x", {"read", "write:shop"}, Rule(Who.EDITOR, "namespace"), {"namespace": "shop"}, None),
        ("Mutation.x", {"read", "write:shop"}, Rule(Who.EDITOR, "namespace"), {"namespace": "other"}, Unauthorized),
        ("Mutation.x", {"write:shop"}, Rule(Who.EDITOR, "puts[].namespace"), PUTS, Unauthorized),
        ("Mutation.x", {"write:shop", "write:other"}, Rule(Who.EDITOR, "puts[].namespace"), PUTS, None),
        ("Mutation.x", {"write:shop"}, Rule(Who.EDITOR, "puts[].namespace"), {"puts": []}, Unauthorized),
        ("Mutation.x", {"write:shop"}, Rule(Who.SIGNED_IN), {"namespace": "shop"}, Unauthorized),
        ("Query.me", {"read:shop"}, Rule(Who.SIGNED_IN), {}, Unauthorized),
        ("Query.user", {"read:shop"}, OF_USER, {"user_id": "alice"}, Unauthorized),
        ("Query.namespaces", {"read:shop"}, Rule(Who.SIGNED_IN, narrowed=True), {}, None),
        ("Query.namespaces", {"write:shop"}, Rule(Who.SIGNED_IN, narrowed=True), {}, Unauthorized),
        ("Mutation.x", {"write:shop", "admin"}, Rule(Who.OWNER, "namespace", needs_admin_scope=True),
         {"namespace": "shop"}, None),
        ("Mutation.x", {"write:shop"}, Rule(Who.OWNER, "namespace", needs_admin_scope=True),
         {"namespace": "shop"}, Unauthorized),
    ],
)  # fmt: skip
async def test_scopes_for_one_namespace_open_that_one_alone(
    path: str, scopes: set[str], rule: Rule, arguments: Any, refused: type[Refusal] | None
) -> None:
    ctx, items = _context(path, identity=Identity("alice", frozenset(scopes)), **arguments), Items(*GRANTS)
    assert await _refused(rule, ctx, items) is refused
    assert not (refused and items.read), "what is closed is not even looked for"


@pytest.mark.parametrize(("namespace", "refused"), [("shop", None), ("other", Unauthorized)])
async def test_a_field_of_a_namespace_takes_a_scope_for_it(namespace: str, refused: type[Refusal] | None) -> None:
    identity = Identity("alice", frozenset({f"read:{namespace}"}))
    ctx = _context("Namespace.keys", identity=identity, source=view())
    assert await _refused(Rule(Who.VIEWER, "source"), ctx) is refused


@pytest.mark.parametrize(("user_id", "role", "refused"), [
    ("alice", "VIEWER", None), ("bob", "VIEWER", Unauthorized), ("bob", "EDITOR", Unauthorized), ("bob", "OWNER", None),
])  # fmt: skip
async def test_some_may_be_done_to_oneself_by_anyone_in_the_namespace(
    user_id: str, role: str, refused: type[Refusal] | None
) -> None:
    ctx = _context("Mutation.x", namespace="shop", user_id=user_id)
    assert await _refused(Rule(Who.OWNER, "namespace", or_self="user_id"), ctx, Items(grant_item(role=role))) is refused


@pytest.mark.parametrize(("identity", "refused"), [(WRITER, Unauthorized), (ADMIN, None)])
async def test_some_fields_take_the_admin_scope_as_well(identity: Identity, refused: type[Refusal] | None) -> None:
    ctx = _context("Mutation.createApiKey", identity=identity)
    assert await _refused(Rule(Who.SIGNED_IN, needs_admin_scope=True), ctx) is refused


@pytest.mark.parametrize(
    ("scopes", "permissions", "refused"),
    [
        (set(Scope), {Permission.USERS_READ}, None),
        ({Scope.READ, Scope.WRITE}, {Permission.USERS_READ}, Unauthorized),
        (set(Scope), set(Permission) - {Permission.USERS_READ}, Unauthorized),
        (set(Scope), set(), Unauthorized),
    ],
)
async def test_what_is_not_ones_own_takes_the_permission_and_a_key_with_the_admin_scope(
    scopes: set[str], permissions: set[Permission], refused: type[Refusal] | None
) -> None:
    identity = Identity("alice", frozenset(scopes), permissions=frozenset(permissions))
    assert await _refused(Rule(Who.PERMITTED, permission=Permission.USERS_READ), _context(identity=identity)) is refused
    other = _context(identity=identity, user_id="bob")
    assert await _refused(OF_USER, other) is refused


async def test_a_rule_that_names_no_permission_lets_nobody_in() -> None:
    identity = Identity("alice", frozenset(Scope), permissions=frozenset(Permission))
    assert await _refused(Rule(Who.PERMITTED), _context(identity=identity)) is Unauthorized


async def test_nobody_needs_a_permission_for_himself() -> None:
    items = Items()
    await authorize(OF_USER, _context(identity=READER, user_id="alice"), items.execute)
    source = _context("User.apiKeys", identity=READER, source=user("alice"))
    await authorize(OF_SOURCE, source, items.execute)
    assert items.read == []


async def test_what_is_private_is_for_oneself_whatever_one_may_do() -> None:
    rule = Rule(Who.SELF, "source")
    root = Identity("alice", frozenset(Scope), role="admin", permissions=frozenset(Permission))
    assert await _refused(rule, _context("User.messages", identity=root, source=user("alice"))) is None
    assert await _refused(rule, _context("User.messages", identity=root, source=user("bob"))) is Unauthorized


@pytest.mark.parametrize(
    ("path", "rule", "refused"),
    [
        ("Mutation.login", Rule(Who.ANYONE), ReadOnly),
        ("Mutation.logout", Rule(Who.SIGNED_IN), ReadOnly),
        ("Mutation.updateConfig", Rule(Who.SIGNED_IN, while_read_only=True), None),
        ("Query.me", Rule(Who.SIGNED_IN), None),
    ],
)
async def test_while_the_service_is_read_only_only_what_says_so_is_changed(
    path: str, rule: Rule, refused: type[Refusal] | None
) -> None:
    ctx = _context(path)
    ctx.policies = replace(BUILT_IN, config=BUILT_IN.config.model_copy(update={"read_only": True}))
    assert await _refused(rule, ctx) is refused


async def test_another_users_fields_are_for_those_who_are_permitted() -> None:
    ctx = _context("User.apiKeys", source=user("bob"))
    assert await _refused(OF_SOURCE, ctx) is Unauthorized


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("role", NamespaceRole)
async def test_a_role_covers_those_before_it(who: Who, role: NamespaceRole) -> None:
    ctx = _context(namespace="shop")
    refused = await _refused(Rule(who, "namespace"), ctx, Items(grant_item(role=role)))
    assert refused is (None if role.covers(ROLES[who]) else Unauthorized)
    assert bool(ctx.grants) is (refused is None)


async def test_the_grant_found_is_the_one_that_keys_are_built_with() -> None:
    ctx, items = _context(namespace="shop"), Items(grant_item())
    await authorize(Rule(Who.EDITOR, "namespace"), ctx, items.execute)
    assert ctx.grant == Grant("alice", "shop", NamespaceRole.OWNER)
    key = AccessPattern.GET_GRANT.key(user_id="alice", namespace="shop")
    assert items.read == [GetItem(key, consistent=True, remembered=True)]


@pytest.mark.parametrize("others", [(), (grant_item(user_id="bob"),), (grant_item("other"),)])
async def test_anothers_namespace_is_answered_like_one_that_is_not_there(others: tuple[Item, ...]) -> None:
    assert await _refused(Rule(Who.VIEWER, "namespace"), _context(namespace="shop"), Items(*others)) is NotFound


@pytest.mark.parametrize(("lenient", "refused"), [(False, NamespaceDeleting), (True, None)])
async def test_a_namespace_that_goes_is_seen_by_lenient_rules_only(
    lenient: bool, refused: type[Refusal] | None
) -> None:
    items = Items(grant_item(status="DELETING"))
    assert await _refused(Rule(Who.OWNER, "namespace", lenient=lenient), _context(namespace="shop"), items) is refused


@pytest.mark.parametrize(
    ("where", "arguments", "named"),
    [
        ("namespace", {"namespace": "a1"}, ["a1"]),
        ("put.namespace", {"put": PutKey("a1", "k", 1)}, ["a1"]),
        (
            "puts[].namespace",
            {"puts": [PutKey("a1", "k", 1), PutKey("b1", "k", 1), PutKey("a1", "l", 1)]},
            ["a1", "b1"],
        ),
        (
            "writes[].namespace",
            {"writes": [KeyWrite(delete=DeleteKey("a1", "k")), KeyWrite(check=CheckKey("b1", "k", 1))]},
            ["a1", "b1"],
        ),
        ("puts[].namespace", {"puts": []}, []),
    ],
)
async def test_every_namespace_named_is_looked_up_once(where: str, arguments: Any, named: list[str]) -> None:
    ctx, items = _context("Mutation.x", **arguments), Items(grant_item("a1"), grant_item("b1"))
    await authorize(Rule(Who.EDITOR, where), ctx, items.execute)
    assert list(ctx.grants) == named
    assert len(items.read) == len(named)


async def test_one_namespace_of_many_that_is_not_the_callers_refuses_all() -> None:
    puts = [PutKey("a1", "k", 1), PutKey("b1", "k", 1)]
    ctx = _context("Mutation.batchPutKeys", puts=puts)
    assert await _refused(Rule(Who.EDITOR, "puts[].namespace"), ctx, Items(grant_item("a1"))) is NotFound
    assert ctx.grants == {}


async def test_a_field_of_a_namespace_uses_the_grant_it_came_with() -> None:
    ctx, items = _context("Namespace.keys", source=view()), Items()
    await authorize(Rule(Who.VIEWER, "source"), ctx, items.execute)
    assert ctx.grant == view().grant
    assert items.read == []


async def test_a_grant_of_somebody_elses_is_not_the_administrators_to_use() -> None:
    grant = Grant("bob", "shop", NamespaceRole.OWNER, NamespaceStatus.ACTIVE)
    ctx = _context("Namespace.keys", source=type(view())(view().entity, grant))
    assert await _refused(Rule(Who.VIEWER, "source", lenient=True), ctx) is Unauthorized
    assert ctx.grants == {}
