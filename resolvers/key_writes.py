"""Writes to keys: the item that a put makes, and writes planned from what was read, to go out in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context as Precision
from decimal import Decimal
from typing import Any

from datastore.access_patterns import AccessPattern
from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest
from datastore.metering.account import NO_CHANGE, Change
from datastore.native_values import to_native
from datastore.operations import ConditionCheck, DeleteItem, Item, PutItem, TransactWrite
from resolvers.context import Context
from resolvers.inputs import CheckKey, DeleteKey, IncrementKey, PutKey
from resolvers.key_state import check_size, expiry, read, unchanged, version_refused
from resolvers.metering import change, check_value

Write = PutKey | DeleteKey | CheckKey | IncrementKey


@dataclass(frozen=True)
class Planned:
    """One write of a transaction, what it will have answered if the transaction goes through, and what it changes."""

    write: TransactWrite
    result: KeyEntity | None
    change: Change = NO_CHANGE


def key_entity(
    ctx: Context,
    target: PutKey | IncrementKey,
    value: Any,
    *,
    version: int,
    created_at: str | None = None,
    ttl: int | None = None,
) -> KeyEntity:
    """The key as this write leaves it. Raises LimitExceeded where it is too large."""
    grant = ctx.grants[target.namespace]
    given: dict[str, Any] = {
        **AccessPattern.GET_KEY.key(grant, key=target.key).attributes(),
        **AccessPattern.LIST_KEYS.entry(grant, key=target.key),
        "entityType": "KEY",
        "value": value,
        "version": version,
        "createdAt": created_at or ctx.timestamp,
        "updatedAt": ctx.timestamp,
        "writeId": ctx.write_id,
    }
    if ttl is not None:
        given["ttl"] = ttl
    entity = check_size(KeyEntity.to_write(given))
    check_value(ctx, grant, entity)
    return entity


def put_entity(ctx: Context, put: PutKey, *, version: int, created_at: str | None = None) -> KeyEntity:
    ttl = expiry(ctx, put.ttl, put.expires_in)
    return key_entity(ctx, put, to_native(put.value), version=version, created_at=created_at, ttl=ttl)


def plan(ctx: Context, write: Write, stored: Item | None) -> Planned:
    """The write against the item as it was read. Raises ConditionFailed where its ifVersion does not hold."""
    current = read(ctx, stored)
    match write:
        case PutKey():
            _check_version(current, write.if_version)
            entity = put_entity(ctx, write, version=_next(current), created_at=_born(current))
            return Planned(PutItem(entity.to_item(), unchanged(stored)), entity, change(current, entity))
        case IncrementKey():
            entity = _incremented(ctx, write, current)
            return Planned(PutItem(entity.to_item(), unchanged(stored)), entity, change(current, entity))
        case DeleteKey():
            if current:  # what is gone already needs no version
                _check_version(current, write.if_version)
            return Planned(DeleteItem(_key(ctx, write), unchanged(stored)), current, change(current, None))
        case CheckKey():
            _check_version(current, write.if_version)
            return Planned(ConditionCheck(_key(ctx, write), unchanged(stored)), current)


def _incremented(ctx: Context, increment: IncrementKey, current: KeyEntity | None) -> KeyEntity:
    if current is None:
        return key_entity(ctx, increment, to_native(increment.by), version=1)
    check_number(current)
    return key_entity(
        ctx,
        increment,
        add(current.value, increment.by),
        version=_next(current),
        created_at=current.created_at,
        ttl=current.ttl,
    )


def add(number: int | Decimal, by: Decimal) -> Any:
    """The exact sum, refused where it has more digits than can be stored."""
    return to_native(_SUMS.add(Decimal(number), by))


def check_number(current: KeyEntity) -> None:
    if isinstance(current.value, bool) or not hasattr(current.value, "as_integer_ratio"):
        kind = _KINDS.get(type(current.value), "a number")
        raise BadRequest(f"Only a number can be incremented; the value of {current.name!r} is {kind}.")


def _check_version(current: KeyEntity | None, wanted: int | None) -> None:
    if wanted is not None and wanted != (current.version if current else 0):
        raise version_refused(current, wanted)


def _next(current: KeyEntity | None) -> int:
    return current.version + 1 if current else 1


def _born(current: KeyEntity | None) -> str | None:
    return current.created_at if current else None


def _key(ctx: Context, write: DeleteKey | CheckKey) -> Any:
    return AccessPattern.GET_KEY.key(ctx.grants[write.namespace], key=write.key)


_SUMS = Precision(prec=300)  # DynamoDB's numbers span 255 digits: no sum of two is rounded before it is checked
_KINDS: Mapping[type, str] = {
    str: "a string",
    bool: "a boolean",
    list: "a list",
    dict: "an object",
    type(None): "null",
}
