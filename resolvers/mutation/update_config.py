"""Mutation.updateConfig: change what is given of the configuration, and leave the rest."""

from collections.abc import Mapping
from typing import Any

from datastore.entities.config import ConfigEntity
from datastore.entities.entity import attribute_name
from datastore.entities.user import Plan
from datastore.errors import BadRequest, TransactionCancelled
from datastore.expressions import equals, missing
from datastore.operations import PutItem, TransactWriteItems
from datastore.policies import BUILT_IN
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.functions import read_config
from resolvers.roles import still_authorised

STEPS = (read_config,)


def request(
    ctx: Context, sign_up_open: bool | None = None, default_plan: Plan | None = None, read_only: bool | None = None
) -> TransactWriteItems:
    """Written over what was read, and over nothing else: two who change different things both succeed."""
    current: ConfigEntity = ctx.prev
    given = {"sign_up_open": sign_up_open, "default_plan": default_plan, "read_only": read_only}
    if all(value is None for value in given.values()):
        raise BadRequest("updateConfig takes at least one of signUpOpen, defaultPlan and readOnly.")
    changes = {name: value for name, value in given.items() if value is not None and value != getattr(current, name)}
    if not changes:
        ctx.early_return(current, skip_to="END")
    entity = ctx.stash["config"] = _changed(ctx, current, changes)
    unchanged = missing("writeId") if current.write_id is None else equals("writeId", current.write_id)
    return TransactWriteItems((PutItem(entity.to_item(), unchanged), still_authorised(ctx), _event(ctx, changes)))


def response(ctx: Context, result: None) -> ConfigEntity:
    changed: ConfigEntity = ctx.stash["config"]
    return changed


def failure(ctx: Context, error: TransactionCancelled) -> ConfigEntity:
    """Somebody else changed it at this moment: look again, and change what is there then. Or he changed the caller."""
    config, caller, _ = error.reasons
    if caller.failed_condition:
        ctx.unauthorized()
    if config.failed_condition:
        ctx.again()
    raise error


def _changed(ctx: Context, current: ConfigEntity, changes: Mapping[str, Any]) -> ConfigEntity:
    since = {"created_at": ctx.timestamp} if current is BUILT_IN.config else {}
    return current.model_copy(update={**since, **changes, "updated_at": ctx.timestamp, "write_id": ctx.write_id})


def _event(ctx: Context, changes: Mapping[str, Any]) -> PutItem:
    detail = {attribute_name(name): value for name, value in changes.items()}
    return audit(ctx, AuditAction.CONFIG_CHANGED, user_id=ctx.caller.user_id, detail=detail)
