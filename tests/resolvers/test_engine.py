"""How resolvers run: unit and pipeline, early returns, repeats, refusals."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.errors import (
    CancellationReason,
    ConditionFailed,
    NotFound,
    ResolverError,
    TransactionCancelled,
    Unauthorized,
    Unavailable,
)
from datastore.operations import GetItem, Operation
from resolvers.access import Rule, Who
from resolvers.context import Context
from resolvers.engine import ATTEMPTS, run
from tests.resolvers.contexts import context

OPEN = Rule(Who.ANYONE)


@dataclass
class Table:
    """Answers what it is told to, in turn, and keeps what it was asked; an exception is raised."""

    answers: list[Any] = field(default_factory=list)
    asked: list[Operation[Any]] = field(default_factory=list)

    async def execute(self, operation: Operation[Any]) -> Any:
        self.asked.append(operation)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def ctx() -> Context:
    return context("Query.key")


def _get(name: str) -> GetItem:
    return GetItem(AccessPattern.GET_USER.key(user_id=name))


def _unit(
    request: Callable[..., Any] = lambda ctx: _get("main"),
    response: Callable[[Context, Any], Any] = lambda ctx, result: result,
    **more: Any,
) -> Any:
    return SimpleNamespace(request=request, response=response, **more)


async def test_a_unit_resolver_asks_once_and_shapes_the_answer(ctx: Context) -> None:
    table = Table([{"n": 1}])
    resolver = _unit(response=lambda ctx, result: result["n"] + 1)
    assert await run(OPEN, resolver, ctx, table.execute) == 2
    assert table.asked == [_get("main")]


async def test_the_arguments_reach_the_resolver_and_the_context_its_steps(ctx: Context) -> None:
    seen: list[Any] = []
    step = _unit(request=lambda ctx: seen.append("step") or _get("step"))
    resolver = _unit(request=lambda ctx, key: seen.append(key) or _get("main"), STEPS=(step,))
    await run(OPEN, resolver, ctx, Table().execute, key="k")
    assert seen == ["step", "k"]


async def test_steps_run_in_order_and_pass_on_prev_and_the_stash(ctx: Context) -> None:
    def keep(ctx: Context, result: Any) -> Any:
        ctx.stash.setdefault("seen", []).append((ctx.prev, result))
        return f"shaped {result}"

    first, second = (_unit(lambda ctx, name=name: _get(name), keep) for name in ("first", "second"))
    table = Table(["a", "b", "c"])
    assert await run(OPEN, _unit(response=keep, STEPS=(first, second)), ctx, table.execute) == "shaped c"
    assert table.asked == [_get("first"), _get("second"), _get("main")]
    assert ctx.stash["seen"] == [(None, "a"), ("shaped a", "b"), ("shaped b", "c")]


async def test_an_early_return_skips_the_operation_and_its_response(ctx: Context) -> None:
    table = Table(["main"])
    step = _unit(lambda ctx: ctx.early_return("early"), lambda ctx, result: pytest.fail("its response has run"))
    resolver = _unit(response=lambda ctx, result: (ctx.prev, result), STEPS=(step,))
    assert await run(OPEN, resolver, ctx, table.execute) == ("early", "main")
    assert table.asked == [_get("main")]


async def test_an_early_return_to_the_end_is_the_fields_value(ctx: Context) -> None:
    table = Table()
    step = _unit(lambda ctx: ctx.early_return("early", skip_to="END"))
    assert await run(OPEN, _unit(STEPS=(step,)), ctx, table.execute) == "early"
    assert table.asked == []


@pytest.mark.parametrize("skip_to", ["NEXT", "END"])
async def test_the_resolvers_own_early_return_is_the_fields_value(ctx: Context, skip_to: Any) -> None:
    resolver = _unit(lambda ctx: ctx.early_return("early", skip_to=skip_to))
    assert await run(OPEN, resolver, ctx, Table().execute) == "early"


async def test_an_error_carries_its_type_data_and_info(ctx: Context) -> None:
    resolver = _unit(response=lambda ctx, result: ctx.error("No.", "Mine", data={"a": 1}, info={"b": 2}))
    with pytest.raises(ResolverError) as raised:
        await run(OPEN, resolver, ctx, Table().execute)
    error = raised.value
    assert (error.message, error.type, error.data, error.info) == ("No.", "Mine", {"a": 1}, {"b": 2})


async def test_an_appended_error_stands_beside_the_value(ctx: Context) -> None:
    def response(ctx: Context, result: Any) -> str:
        ctx.append_error("Half of it.", "Mine", data=1, info={"b": 2})
        return "value"

    assert await run(OPEN, _unit(response=response), ctx, Table().execute) == "value"
    assert [(each.message, each.type, each.data, each.info) for each in ctx.appended] == [
        ("Half of it.", "Mine", 1, {"b": 2})
    ]


async def test_unauthorized_speaks_as_appsync_does(ctx: Context) -> None:
    with pytest.raises(Unauthorized, match=r"^Not Authorized to access key on type Query$"):
        await run(OPEN, _unit(response=lambda ctx, result: ctx.unauthorized()), ctx, Table().execute)


@pytest.mark.parametrize(
    "refused", [ConditionFailed(item={"n": 1}), TransactionCancelled([CancellationReason("ConditionalCheckFailed")])]
)
async def test_a_refused_write_is_for_the_failure_to_answer(ctx: Context, refused: Exception) -> None:
    resolver = _unit(failure=lambda ctx, error: error)
    assert await run(OPEN, resolver, ctx, Table([refused]).execute) is refused


async def test_a_refused_write_of_a_step_is_its_own_failures(ctx: Context) -> None:
    step = _unit(failure=lambda ctx, error: "mended")
    resolver = _unit(response=lambda ctx, result: ctx.prev, failure=lambda ctx, error: pytest.fail("not its own"))
    resolver.STEPS = (step,)
    assert await run(OPEN, resolver, ctx, Table([ConditionFailed()]).execute) == "mended"


async def test_without_a_failure_the_refusal_is_the_fields_error(ctx: Context) -> None:
    with pytest.raises(ConditionFailed):
        await run(OPEN, _unit(), ctx, Table([ConditionFailed()]).execute)


async def test_other_errors_of_the_table_are_not_the_failures(ctx: Context) -> None:
    resolver = _unit(failure=lambda ctx, error: pytest.fail("not a refused write"))
    with pytest.raises(Unavailable):
        await run(OPEN, resolver, ctx, Table([Unavailable("busy")]).execute)


async def test_what_the_request_itself_refuses_is_not_the_failures(ctx: Context) -> None:
    def request(ctx: Context) -> Any:
        raise ConditionFailed("planned and refused")

    resolver = _unit(request, failure=lambda ctx, error: pytest.fail("nothing was written"))
    with pytest.raises(ConditionFailed, match="planned and refused"):
        await run(OPEN, resolver, ctx, Table().execute)


async def test_again_runs_all_steps_once_more_with_the_stash_as_it_stands(ctx: Context) -> None:
    def failure(ctx: Context, error: ConditionFailed) -> Any:
        ctx.stash["refused"] = ctx.stash.get("refused", 0) + 1
        ctx.again()

    step = _unit(lambda ctx: _get("step"))
    resolver = _unit(response=lambda ctx, result: (ctx.stash["refused"], result), failure=failure, STEPS=(step,))
    table = Table([None, ConditionFailed(), None, ConditionFailed(), None, "written"])
    assert await run(OPEN, resolver, ctx, table.execute) == (2, "written")
    assert table.asked == [_get("step"), _get("main")] * 3


@pytest.mark.slow
async def test_again_comes_to_an_end_with_an_error_that_may_be_tried_again(ctx: Context) -> None:
    table = Table()
    with pytest.raises(Unavailable, match="try again") as raised:
        await run(OPEN, _unit(response=lambda ctx, result: ctx.again()), ctx, table.execute)
    assert raised.value.retryable
    assert len(table.asked) == ATTEMPTS


async def test_nothing_is_asked_for_a_caller_who_may_not(ctx: Context) -> None:
    ctx.grants = {}
    ctx.arguments = {"namespace": "shop"}
    table = Table([None])
    resolver = _unit(lambda ctx: pytest.fail("its request has run"))
    with pytest.raises(NotFound):
        await run(Rule(Who.VIEWER, "namespace"), resolver, ctx, table.execute)
    assert [type(each) for each in table.asked] == [GetItem]


async def test_a_lenient_rule_makes_what_does_not_exist_null(ctx: Context) -> None:
    ctx.arguments = {"namespace": "shop"}
    resolver = _unit(lambda ctx: pytest.fail("its request has run"))
    assert await run(Rule(Who.VIEWER, "namespace", lenient=True), resolver, ctx, Table([None]).execute) is None


async def test_a_lenient_rule_does_not_hide_what_the_resolver_says(ctx: Context) -> None:
    def response(ctx: Context, result: Any) -> Any:
        raise NotFound("of the resolver")

    with pytest.raises(NotFound, match="of the resolver"):
        await run(Rule(Who.ANYONE, lenient=True), _unit(response=response), ctx, Table().execute)
