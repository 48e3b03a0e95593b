"""Walks one resolver up to a step, and runs one of its functions."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal

from datastore.errors import NotFound, Refusal
from resolvers.access import authorize
from resolvers.context import Context
from resolvers.evaluation.answers import read_answer, read_failure, stored
from resolvers.evaluation.compiling import compile_request
from resolvers.evaluation.contexts import answer_authorisation, read_context
from resolvers.evaluation.naming import BadContext, choose
from resolvers.flow import Again, EarlyReturn
from resolvers.registry import FIELDS, Field

Function = Literal["request", "response", "failure"]
FUNCTIONS: tuple[Function, ...] = ("request", "response", "failure")


def evaluate(
    path: str, given: Mapping[str, Any], *, function: Function = "request", step: str | None = None
) -> dict[str, Any]:
    """`step` is a step's number or name; without it, what comes after the steps. Raises BadContext.

    The steps before it run with the answers in `results`, one each; without `results` they count as having run,
    and `stash` and `prev` say what they left.
    """
    field = FIELDS[choose(path, FIELDS, "field")]
    ctx = read_context(path, given)
    ctx.stash, ctx.prev = stored(ctx.stash), stored(ctx.prev)
    outcome: dict[str, Any] = {"evaluationResult": None, "stash": ctx.stash, "outErrors": ctx.appended}
    try:
        _authorise(field, ctx, given)
        *before, module = _steps(field, step)
        for each, answer in zip(before, _results(before, given), strict=False):
            ctx.prev = _walk(each, ctx, answer)
        outcome |= _run(module, function, ctx, given)
    except EarlyReturn as early:
        outcome |= {"evaluationResult": early.value, "earlyReturn": early.skip_to}
    except Again:
        outcome["again"] = True
    except NotFound as absent:
        outcome |= {} if field.rule.lenient else {"error": absent}
    except Refusal as refusal:
        outcome["error"] = refusal
    return outcome


def _authorise(field: Field, ctx: Context, given: Mapping[str, Any]) -> None:
    """The server's own rule, with what the context says of the caller."""
    asyncio.run(authorize(field.rule, ctx, partial(answer_authorisation, ctx=ctx, given=given)))


def _run(module: Any, function: Function, ctx: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    """The function's value. A response or a failure follows on its request, which has its part of the stash to fill."""
    operation = _request(module, ctx)
    if function == "request":
        compiled = compile_request(operation)
        return {"evaluationResult": operation} | ({"dynamodb": compiled} if compiled else {})
    if function == "response":
        return {"evaluationResult": module.response(ctx, read_answer(operation, given.get("result")))}
    if not hasattr(module, "failure"):
        raise BadContext(f"{module.__name__} has no failure: a refused write is its field's error.")
    return {"evaluationResult": module.failure(ctx, read_failure(given))}


def _walk(module: Any, ctx: Context, answer: Any) -> Any:
    """A step before the one asked for."""
    try:
        operation = _request(module, ctx)
    except EarlyReturn as early:
        if early.skip_to == "END":
            raise
        return early.value
    return module.response(ctx, read_answer(operation, answer))


def _request(module: Any, ctx: Context) -> Any:
    """Only the resolver itself takes the arguments; its steps take the context alone."""
    is_resolver = module is FIELDS[ctx.info.path].resolver
    return module.request(ctx, **(ctx.arguments if is_resolver else {}))


def _steps(field: Field, step: str | None) -> Sequence[Any]:
    """Up to the one asked for."""
    steps = [*getattr(field.resolver, "STEPS", ()), field.resolver]
    names = [each.__name__.rpartition(".")[2] for each in steps]
    if step is None:
        return steps
    numbered = {str(number): number for number in range(1, len(steps) + 1)}
    named = {name: number for number, name in enumerate(names, 1)}
    return steps[: (numbered | named)[choose(step, [*numbered, *named], "step")]]


def _results(before: Sequence[Any], given: Mapping[str, Any]) -> Sequence[Any]:
    """More of them are answers of later steps, which one context may have for all."""
    results = given.get("results", [])
    if not isinstance(results, list) or 0 < len(results) < len(before):
        raise BadContext(f"results must be a list with an answer for each of the {len(before)} steps that come before.")
    return results
