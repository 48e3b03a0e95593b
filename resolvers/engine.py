"""Runs resolvers: authorises, walks the steps, hands their operations to the store."""

from typing import Any, ParamSpec, Protocol, TypeVar, cast

from datastore.backoff import pause
from datastore.errors import ConditionFailed, NotFound, TransactionCancelled, Unavailable
from datastore.operations import Operation
from resolvers.access import Rule, authorize
from resolvers.context import Context, Execute
from resolvers.flow import Again, EarlyReturn

P = ParamSpec("P")
T_contra = TypeVar("T_contra", contravariant=True)
T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")

ATTEMPTS = 12


class Resolver(Protocol[P, T, R_co]):
    """A module with these two functions; it may also have STEPS, and `failure(ctx, error)` for a refused write.

    STEPS are modules of the same shape, but their requests take the context alone. They run first and in order.
    """

    def request(self, ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> Operation[T]: ...

    def response(self, ctx: Context, result: T, /) -> R_co: ...


async def run(
    rule: Rule, resolver: Resolver[P, T, R], ctx: Context, execute: Execute, *args: P.args, **kwargs: P.kwargs
) -> R:
    """One field's value, if the rule lets the caller have it. Raises a Refusal."""
    try:
        execute = await authorize(rule, ctx, execute, resolver)
    except NotFound:
        if not rule.lenient:
            raise
        return cast(R, None)
    for attempt in range(ATTEMPTS):
        try:
            for step in vars(resolver).get("STEPS", ()):
                ctx.prev = await _run_step(step, ctx, execute, {})
            return cast(R, await _run_step(resolver, ctx, execute, kwargs))
        except EarlyReturn as early:
            return cast(R, early.value)
        except Again:
            await pause(attempt)
    raise Unavailable("Other writes to the same items kept getting in the way; try again.")


async def _run_step(step: Any, ctx: Context, execute: Execute, arguments: dict[str, Any]) -> Any:
    """`failure` hears of what the table refused, not of what the request itself did."""
    try:
        operation = step.request(ctx, **arguments)
    except EarlyReturn as early:
        if early.skip_to == "END":
            raise
        return early.value
    try:
        result = await execute(operation)
    except (ConditionFailed, TransactionCancelled) as refused:
        if not hasattr(step, "failure"):
            raise
        return step.failure(ctx, refused)
    return step.response(ctx, result)
