"""Mutation.revokeApiKey: true if there was such a key of the caller's; it is refused from the next request on."""

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.errors import TransactionCancelled
from datastore.expressions import Update, equals
from datastore.operations import DeleteItem, TransactWrite, TransactWriteItems, UpdateItem
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.functions import read_own_key

STEPS = (read_own_key,)


def request(ctx: Context, api_key_id: str) -> TransactWriteItems:
    """With the user's first key goes the index entry by which userByApiKey finds him."""
    key, user = ctx.stash["key"], ctx.stash["user"]
    if key is None:
        ctx.early_return(False, skip_to="END")
    writes: list[TransactWrite] = [DeleteItem(PrimaryKey(key["PK"], key["SK"]), equals("userId", key["userId"]))]
    if user and user.get("GSI1PK") == key["PK"]:
        writes.append(_forget_first_key(ctx, key["PK"]))
    detail = {name: key[name] for name in ("name", "prefix") if name in key}
    writes.append(audit(ctx, AuditAction.API_KEY_REVOKED, user_id=key["userId"], target=api_key_id, detail=detail))
    return TransactWriteItems(tuple(writes))


def response(ctx: Context, result: None) -> bool:
    return True


def failure(ctx: Context, error: TransactionCancelled) -> bool:
    """Somebody else revokes it at this moment: answer by what is there then."""
    if any(reason.failed_condition for reason in error.reasons):
        ctx.again()
    raise error


def _forget_first_key(ctx: Context, first: str) -> UpdateItem:
    update = Update({"updatedAt": ctx.timestamp}, remove=("apiKey", "GSI1PK", "GSI1SK"))
    return UpdateItem(AccessPattern.GET_USER.key(user_id=ctx.caller.user_id), update, equals("GSI1PK", first))
