"""Mutation.createApiKey: another key for the caller, shown this once."""

from collections.abc import Sequence
from dataclasses import dataclass

from datastore.api_keys import SECRET_BYTES, make_api_key
from datastore.entities.api_key import ApiKeyEntity
from datastore.errors import LimitExceeded, TransactionCancelled
from datastore.expressions import missing
from datastore.operations import PutItem, TransactWriteItems
from datastore.surrogates import refuse_surrogates
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.key_state import expiry
from resolvers.scopes import DEFAULT_SCOPES, check_scopes

LONGEST_NAME = 100


@dataclass(frozen=True)
class NewApiKey:
    entity: ApiKeyEntity
    secret: str


def request(
    ctx: Context, name: str, scopes: Sequence[str] | None = None, expires_in: int | None = None
) -> TransactWriteItems:
    if not 1 <= len(name) <= LONGEST_NAME:
        raise LimitExceeded(f"The name of a key has 1 to {LONGEST_NAME} characters; this one has {len(name)}.")
    refuse_surrogates("name of the key", name)
    text = make_api_key(ctx.random_bytes(SECRET_BYTES))
    wanted = DEFAULT_SCOPES if scopes is None else scopes
    entity = ApiKeyEntity.new(
        text,
        user_id=ctx.caller.user_id,
        name=name,
        scopes=check_scopes(wanted, ctx.caller),
        created_at=ctx.timestamp,
        expires_at=expiry(ctx, None, expires_in),
    )
    ctx.stash["new"] = NewApiKey(entity, text)
    return TransactWriteItems((PutItem(entity.to_item(), missing("PK")), _event(ctx, entity)))


def response(ctx: Context, result: None) -> NewApiKey:
    new: NewApiKey = ctx.stash["new"]
    return new


def failure(ctx: Context, error: TransactionCancelled) -> NewApiKey:
    """Nobody draws the same 192 bits twice: the key that is there is this one, and only its answer was lost."""
    if not error.reasons[0].failed_condition:
        raise error
    new: NewApiKey = ctx.stash["new"]
    return new


def _event(ctx: Context, entity: ApiKeyEntity) -> PutItem:
    detail = {"name": entity.name, "prefix": entity.prefix, "scopes": entity.scopes}
    return audit(ctx, AuditAction.API_KEY_CREATED, user_id=entity.user_id, target=entity.api_key_id, detail=detail)
