"""What a field asks for, read in one call with the grant that it takes, where the grant is not remembered.

The grant supposed here never leaves this module. What is read under it is handed on once the one that is in the table
was found and checked, and only to a request that asks for the very same under that.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from datastore.entities.namespace import GrantEntity
from datastore.errors import Refusal
from datastore.grants import Grant, NamespaceRole
from datastore.operations import GetItem, Item, Operation
from resolvers.context import Context, Execute, GrantReader, format_time

# The two are read in any order, so the grant may have come after what was read. One that has stood since before the
# request did not. A write can happen KV_OPERATION_TIMEOUT_SECONDS, which are at most five minutes, after the moment
# that it is dated; the rest is for clocks that differ.
SETTLED = timedelta(minutes=10)


async def read_grant(
    claim: GetItem, resolver: Any, ctx: Context, execute: Execute, *, namespace: str, reader: GrantReader
) -> tuple[Item | None, Execute]:
    """The grant's item, and how operations are executed from now on, if it is the caller's to execute them."""
    ahead = _suppose(resolver, ctx, namespace)
    if ahead is None:
        return await execute(claim), execute
    item, *read = await reader.read_ahead(claim, ahead)
    if item and read and _has_settled(ctx.entity(GrantEntity, item), ctx.now):
        return item, _handing_on(execute, ahead, read[0])
    return item, execute


def _suppose(resolver: Any, ctx: Context, namespace: str) -> GetItem | None:
    """What the resolver would ask for; None if it refuses, which only somebody whose grant was found may hear."""
    grant = Grant(ctx.caller.user_id, namespace, NamespaceRole.VIEWER)
    try:
        operation = resolver.request(replace(ctx, grants={namespace: grant}, stash={}), **ctx.arguments)
    except Refusal:
        return None
    return operation if isinstance(operation, GetItem) else None


def _has_settled(grant: GrantEntity, now: datetime) -> bool:
    changed = grant.updated_at
    return changed.endswith("Z") and changed <= format_time(now - SETTLED)


def _handing_on(execute: Execute, ahead: GetItem, item: Item | None) -> Execute:
    """Answers what was read ahead once, and executes all else."""
    left = [item]

    async def answer(operation: Operation[Any]) -> Any:
        return left.pop() if left and operation == ahead else await execute(operation)

    return answer
