"""Writes to keys: the item that a put makes, and writes planned from what was read, to go out in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context as Precision
from decimal import Decimal
from typing import Any, NamedTuple

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest
from datastore.item_size import item_size
from datastore.json_text import JSON
from datastore.metering.account import NO_CHANGE, Change
from datastore.native_values import Null, to_native
from datastore.operations import ConditionCheck, DeleteItem, Item, PutItem, TransactWrite
from datastore.written_values import written_value
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


class WrittenKey(NamedTuple):
    """A key as a write leaves it: its item with the value as it goes out, the value itself, and the item's size."""

    key: PrimaryKey
    item: dict[str, Any]
    value: Any
    size: int

    def entity(self) -> KeyEntity:
        return KeyEntity.to_write({**self.item, "value": self.value}, self.size)


def written_key(
    ctx: Context,
    target: PutKey | IncrementKey,
    value: JSON | Decimal | Null,
    *,
    version: int,
    created_at: str | None = None,
    ttl: int | None = None,
    place: str = "value",
) -> WrittenKey:
    """The key as this write leaves it. Raises LimitExceeded where it is too large."""
    grant, moment = ctx.grants[target.namespace], ctx.timestamp
    native, measured = written_value(value, place=place)
    key = AccessPattern.GET_KEY.key(grant, key=target.key)
    item: dict[str, Any] = {
        **key.attributes(),
        **AccessPattern.LIST_KEYS.entry(grant, key=target.key),
        "entityType": "KEY",
        "value": measured,
        "version": version,
        "createdAt": created_at or moment,
        "updatedAt": moment,
        "writeId": ctx.write_id,
    }
    if ttl is not None:
        item["ttl"] = ttl
    size = item_size(item)
    check_size(size)
    check_value(ctx, grant, measured.size)
    return WrittenKey(key, item, native, size)


def put_key(ctx: Context, put: PutKey, *, version: int, created_at: str | None = None) -> WrittenKey:
    ttl = expiry(ctx, put.ttl, put.expires_in)
    return written_key(ctx, put, put.value, version=version, created_at=created_at, ttl=ttl)


def plan(ctx: Context, write: Write, stored: Item | None) -> Planned:
    """The write against the item as it was read. Raises ConditionFailed where its ifVersion does not hold."""
    current = read(ctx, stored)
    match write:
        case PutKey():
            _check_version(current, write.if_version)
            entity = put_key(ctx, write, version=_next(current), created_at=_born(current)).entity()
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
        return written_key(ctx, increment, increment.by, version=1, place="by").entity()
    check_number(current)
    return written_key(
        ctx,
        increment,
        add(current.value, increment.by),
        version=_next(current),
        created_at=current.created_at,
        ttl=current.ttl,
    ).entity()


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
