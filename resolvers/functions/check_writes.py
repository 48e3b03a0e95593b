"""Step: refuse, before anything is read for them, writes that can't be one transaction."""

from datastore.errors import BadRequest, LimitExceeded
from datastore.operations import Nothing
from resolvers.context import Context
from resolvers.inputs import KeyWrite, PutKey
from resolvers.transactions import MAX_ACTIONS


def request(ctx: Context) -> Nothing:
    writes: list[KeyWrite] = ctx.arguments["writes"]
    if not writes:
        raise BadRequest("A transaction needs at least one write.")
    if len(writes) > MAX_ACTIONS:
        raise LimitExceeded(f"A transaction may have {MAX_ACTIONS} writes; this one has {len(writes)}.")
    if any(isinstance(write.one, PutKey) and write.one.idempotency_key is not None for write in writes):
        raise BadRequest("In a transaction, give the idempotencyKey to transactKeys, not to a put.")
    return Nothing()


def response(ctx: Context, result: None) -> None:
    return result
