"""What is read with a grant, and who gets it: nobody whose grant was not found, or who asks for something else."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from datastore.errors import LimitExceeded, NamespaceDeleting, NotFound, Refusal, Unauthenticated, Unauthorized
from datastore.errors import Unavailable as Busy
from datastore.grants import NamespaceRole
from datastore.operations import GetItem, Item, Operation
from resolvers.access import Rule, Who
from resolvers.context import Context, Identity, format_time
from resolvers.engine import run
from resolvers.query import key as key_resolver
from resolvers.reading_ahead import SETTLED
from resolvers.registry import FIELDS
from resolvers.scopes import Scope
from tests.resolvers.contexts import ALICE, NOW, context, grant_item, key_item, primary_key

AHEAD = Rule(Who.VIEWER, "namespace", ahead=True)
ITEM = key_item("k")
STRANGER = Identity("bob", ALICE.scopes)


@dataclass
class Table:
    """A grant's reader and a table in one. `together` is what is read in one call, `asked` what is executed."""

    grant: Item | None = field(default_factory=grant_item)
    known: Item | None = None
    refuses: Refusal | None = None
    reads_ahead: bool = True
    together: list[tuple[GetItem, GetItem]] = field(default_factory=list)
    asked: list[Operation[Any]] = field(default_factory=list)

    def recall(self, operation: GetItem, /) -> Item | None:
        return self.known

    async def read_ahead(self, claim: GetItem, ahead: GetItem, /) -> Sequence[Item | None]:
        self.together.append((claim, ahead))
        if self.refuses:
            raise self.refuses
        return [self.grant, ITEM] if self.reads_ahead else [self.grant]

    async def execute(self, operation: Operation[Any]) -> Any:
        self.asked.append(operation)
        assert isinstance(operation, GetItem)
        return self.grant if operation.key.pk.startswith("USER#") else ITEM


def _context(table: Table, path: str = "Query.key", *, identity: Identity | None = ALICE, key: str = "k") -> Context:
    arguments = {"namespace": "shop", "key": key}
    return context(path, grant=None, identity=identity, arguments=arguments, grant_reader=table)


async def _run(table: Table, ctx: Context, *, rule: Rule = AHEAD, resolver: Any = key_resolver) -> Any:
    return await run(rule, resolver, ctx, table.execute, **ctx.arguments)


async def test_for_a_caller_without_credentials_nothing_is_read() -> None:
    table = Table()
    with pytest.raises(Unauthenticated):
        await _run(table, _context(table, identity=None))
    assert (table.together, table.asked) == ([], [])


@pytest.mark.parametrize(
    ("grant", "refused"),
    [
        (None, NotFound),
        (grant_item(), Unauthorized),  # as if another's had been found
        (grant_item(user_id="bob", status="DELETING"), NamespaceDeleting),
    ],
    ids=["none", "another's", "of a namespace that goes"],
)
async def test_whoever_has_no_grant_gets_nothing_of_what_was_read(grant: Item | None, refused: type[Refusal]) -> None:
    table = Table(grant)
    resolver = SimpleNamespace(request=key_resolver.request, response=lambda *_: pytest.fail("was handed on"))
    ctx = _context(table, identity=STRANGER)
    with pytest.raises(refused):
        await _run(table, ctx, resolver=resolver)
    assert ctx.grants == {}


@pytest.mark.parametrize(("grant", "refused"), [(None, NotFound), (grant_item(), LimitExceeded)])
async def test_what_the_request_refuses_is_heard_after_the_grant_was_found(
    grant: Item | None, refused: type[Refusal]
) -> None:
    table = Table(grant)
    with pytest.raises(refused):
        await _run(table, _context(table, key="k" * 1001))
    assert table.together == []
    assert len(table.asked) == 1, "the grant alone"


async def test_a_table_that_does_not_answer_is_the_fields_error() -> None:
    table = Table(refuses=Busy("busy"))
    with pytest.raises(Busy, match="busy"):
        await _run(table, _context(table))
    assert table.asked == []


async def test_a_key_and_its_grant_are_read_together_and_no_more() -> None:
    table = Table()
    ctx = _context(table)
    entity = await _run(table, ctx)
    assert entity.version == 3
    ((claim, ahead),) = table.together
    assert (claim.key.pk, claim.key.sk, claim.consistent, claim.remembered) == ("USER#alice", "NS#shop", True, True)
    assert ahead == GetItem(primary_key("k"))
    assert table.asked == []
    assert ctx.grant.role is NamespaceRole.OWNER, "the one that was found, not the one supposed"


async def test_a_grant_that_is_remembered_is_not_asked_for() -> None:
    table = Table(known=grant_item())
    requests: list[str] = []

    def request(ctx: Context, **arguments: Any) -> GetItem:
        requests.append(ctx.grant.role)
        return key_resolver.request(ctx, **arguments)

    await _run(table, _context(table), resolver=SimpleNamespace(request=request, response=key_resolver.response))
    assert (table.together, table.asked) == ([], [GetItem(primary_key("k"))])
    assert requests == ["OWNER"], "nothing is supposed"


async def test_without_what_was_read_ahead_the_table_is_asked() -> None:
    table = Table(reads_ahead=False)
    assert (await _run(table, _context(table))).version == 3
    assert table.asked == [GetItem(primary_key("k"))]


@pytest.mark.parametrize(
    ("changed", "handed_on"),
    [
        (format_time(NOW - SETTLED), True),
        (format_time(NOW - SETTLED + timedelta(milliseconds=1)), False),
        (format_time(NOW + timedelta(days=1)), False),
        ("2025-12-31T23:00:00-08:00", False),  # another program's, which may be later than it looks
    ],
)
async def test_what_may_have_been_read_before_the_grant_came_is_read_again(changed: str, handed_on: bool) -> None:
    table = Table(grant_item(updatedAt=changed))
    await _run(table, _context(table))
    assert table.asked == ([] if handed_on else [GetItem(primary_key("k"))])


async def test_a_request_that_asks_for_something_else_under_the_real_grant_asks_the_table() -> None:
    def request(ctx: Context, namespace: str, key: str) -> GetItem:
        return GetItem(primary_key("owners" if ctx.grant.role is NamespaceRole.OWNER else "viewers"))

    table = Table()
    await _run(table, _context(table), resolver=SimpleNamespace(request=request, response=key_resolver.response))
    assert table.asked == [GetItem(primary_key("owners"))]


async def test_it_is_handed_on_once() -> None:
    """Whoever runs again wants to know what is there by then."""

    def response(ctx: Context, result: Item) -> Item:
        return result if len(table.asked) == 1 else ctx.again()

    table = Table()
    resolver = SimpleNamespace(request=key_resolver.request, response=response)
    assert await _run(table, _context(table), resolver=resolver) == ITEM


@pytest.mark.parametrize("scopes", [frozenset(), frozenset({Scope.WRITE}), frozenset({"read:other"})])
async def test_what_the_scopes_close_is_not_read(scopes: frozenset[str]) -> None:
    table = Table()
    with pytest.raises(Unauthorized):
        await _run(table, _context(table, identity=replace(ALICE, scopes=scopes)))
    assert (table.together, table.asked) == ([], [])


def test_it_is_for_queries_of_one_item_in_the_namespace_that_they_name() -> None:
    """Never for what writes, nor for what takes steps: these may ask for more than one thing."""
    fields = {path: each for path, each in FIELDS.items() if each.rule.ahead}
    assert fields.keys() == {"Query.key", "Query.namespace"}
    for each in fields.values():
        assert each.rule.where == "namespace"
        assert not hasattr(each.resolver, "STEPS")
        assert each.resolver.request.__annotations__["return"] is GetItem
