"""Writes to keys in one transaction, against what read_current found; the same for one write or a hundred."""

from collections.abc import Sequence
from typing import NoReturn

from datastore.entities.key import KeyEntity
from datastore.errors import CancellationReason, ConditionFailed, LimitExceeded, TransactionCancelled
from datastore.grants import Grant
from datastore.item_size import item_size
from datastore.metering.account import Change
from datastore.operations import PutItem, TransactWriteItems
from resolvers.context import Context
from resolvers.key_writes import Planned, Write, plan
from resolvers.metering import check_all
from resolvers.replays import remember, token_of

MAX_ACTIONS = 100
MAX_BYTES = 4 * 1024 * 1024


def transaction(ctx: Context, writes: Sequence[Write], *, alone: bool = False) -> TransactWriteItems:
    """`alone`: one write, whose refusal is its own.

    Returns early, with the first answer, if these writes have been made under this idempotencyKey.
    """
    if ctx.stash["replay"] is not None:
        first = ctx.stash["replay"]
        ctx.early_return(first[0] if alone else first, skip_to="END")
    planned = _plan_all(ctx, writes, alone=alone)
    results = [each.result for each in planned]
    actions = [each.write for each in planned]
    if token := token_of(ctx):
        actions.append(remember(ctx, token, results))
    _check_limits(actions_count=len(actions), size=sum(item_size(a.item) for a in actions if isinstance(a, PutItem)))
    ctx.stash["results"] = results
    changes = [(ctx.grants[write.namespace], each.change) for write, each in zip(writes, planned, strict=True)]
    check_all(ctx, changes)
    ctx.stash["changes"] = changes
    return TransactWriteItems(tuple(actions))


def settle(ctx: Context) -> Sequence[KeyEntity | None]:
    """The transaction has gone through: what its writes answer."""
    changes: Sequence[tuple[Grant, Change]] = ctx.stash["changes"]
    for grant, change in changes:
        ctx.meter.count_change(grant.owner_id, grant.namespace, change)
    results: Sequence[KeyEntity | None] = ctx.stash["results"]
    return results


def only_result(ctx: Context) -> KeyEntity:
    """The same of a transaction with one write, which leaves a key."""
    (result,) = settle(ctx)
    assert result is not None  # noqa: S101
    return result


def cancelled(ctx: Context, error: TransactionCancelled) -> NoReturn:
    """Somebody wrote between our read and our write: look again, and answer by what is there then."""
    if any(reason.failed_condition for reason in error.reasons):
        ctx.again()
    raise error


def _plan_all(ctx: Context, writes: Sequence[Write], *, alone: bool) -> list[Planned]:
    """All writes planned, or one refusal with a reason for each, as DynamoDB would have given it."""
    planned: list[Planned | ConditionFailed] = []
    for write, stored in zip(writes, ctx.stash["current"], strict=True):
        try:
            planned.append(plan(ctx, write, stored))
        except ConditionFailed as refused:
            if alone:
                raise
            planned.append(refused)
    going = [each for each in planned if isinstance(each, Planned)]
    if len(going) < len(writes):
        raise _refusal(planned)
    return going


def _refusal(planned: Sequence[Planned | ConditionFailed]) -> TransactionCancelled:
    return TransactionCancelled(
        [
            CancellationReason("ConditionalCheckFailed", each.message)
            if isinstance(each, ConditionFailed)
            else CancellationReason("None")
            for each in planned
        ],
        data=[each.data if isinstance(each, ConditionFailed) else None for each in planned],
    )


def _check_limits(*, actions_count: int, size: int) -> None:
    if actions_count > MAX_ACTIONS:
        raise LimitExceeded(
            f"A transaction may have {MAX_ACTIONS} actions, of which an idempotencyKey takes one;"
            f" this one has {actions_count}."
        )
    if size > MAX_BYTES:
        raise LimitExceeded(f"A transaction may write {MAX_BYTES} bytes (4 MB); this one would write {size}.")
