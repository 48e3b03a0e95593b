"""What may be said of a key's item: absent, expired, at a version, as it was read. An expired item counts as absent."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NoReturn, cast

from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest, ConditionFailed, LimitExceeded
from datastore.expressions import Condition, at_most, differs, equals, exists, greater, missing
from datastore.item_size import MAX_ITEM_BYTES
from datastore.operations import Item
from datastore.stored_keys import StoredKey
from resolvers.context import Context

LONGEST_EXPIRY_SECONDS = 10 * 366 * 24 * 3600


@lru_cache(8)  # one object for all who ask in one second, whose text is made once
def live(now: int) -> Condition:
    """Not expired; says nothing of whether it is there."""
    return missing("ttl") | greater("ttl", now)


@lru_cache(8)  # one object for all who ask in one second, whose text is made once
def absent(now: int) -> Condition:
    """Not there, or there and expired."""
    return missing("PK") | at_most("ttl", now)


def at_version(version: int, now: int) -> Condition:
    """At exactly this version, 0 being absent. An item of another program has no version, and counts as 1."""
    if version == 0:
        return absent(now)
    same = equals("version", version)
    return ((same | missing("version")) & exists("PK") if version == 1 else same) & live(now)


@lru_cache(8)  # one object for all who ask in one second, whose text is made once
def countable(now: int) -> Condition:
    """Absent, or at a version that an update can count on from."""
    return missing("PK") | (exists("version") & live(now))


def unchanged(item: Item | None) -> Condition:
    """As it was read, whoever wrote it: each of our writes leaves its id, others' writes change updatedAt."""
    if item is None:
        return missing("PK")
    if "writeId" in item:
        return equals("writeId", item["writeId"])
    return missing("writeId") & equals("updatedAt", item["updatedAt"])


def not_mine(ctx: Context) -> Condition:
    """Fails where this very write has already happened, and only its answer was lost."""
    return differs("writeId", ctx.write_id)


def is_mine(ctx: Context, item: Item | None) -> bool:
    return item is not None and item.get("writeId") == ctx.write_id


def read(ctx: Context, item: Item | None) -> KeyEntity | None:
    """The key, or None if it is not there or has expired."""
    entity = key_of(item) if item else None
    return entity if entity and entity.is_live(ctx.now_seconds) else None


def key_of(item: Item) -> KeyEntity:
    """A StoredKey is one already, for all who only look at it."""
    return cast(KeyEntity, item) if isinstance(item, StoredKey) else KeyEntity.from_item(item)


def keys_of(items: Sequence[Item]) -> Sequence[KeyEntity]:
    """Of a page, whose items are StoredKeys all of them, or none."""
    if items and isinstance(items[0], StoredKey):
        return cast(Sequence[KeyEntity], items)
    return [KeyEntity.from_item(item) for item in items]


def count_afresh(ctx: Context, item: Item | None) -> NoReturn:
    """Run again, expecting what was found: nothing (0) where it has expired, or version 1 where it has no version."""
    current = read(ctx, item)
    if current is None:
        ctx.stash["expected"] = 0
    else:
        ctx.stash["expected"] = None if "version" in (item or {}) else 1
    ctx.again()


def version_refused(current: KeyEntity | None, wanted: int) -> ConditionFailed:
    """What a caller is told whose ifVersion does not hold."""
    found = f"it is at version {current.version}" if current else "it is absent"
    return ConditionFailed(f"The conditional request failed: ifVersion is {wanted}, but {found}.", data=current)


def expiry(ctx: Context, ttl: int | None, expires_in: int | None) -> int | None:
    """The second at which the key expires, None for never."""
    if ttl is not None and expires_in is not None:
        raise BadRequest("Give ttl (epoch seconds) or expiresIn (seconds from now), not both.")
    if expires_in is not None:
        name, seconds = "expiresIn", expires_in
    elif ttl is not None:
        name, seconds = "ttl", ttl - ctx.now_seconds
    else:
        return None
    if not 1 <= seconds <= LONGEST_EXPIRY_SECONDS:
        raise LimitExceeded(
            f"{name} must lie 1 second to ten years ahead; this one lies {seconds} s from now (ttl is in seconds)."
        )
    return -int(-ctx.now.timestamp() // 1) + seconds if name == "expiresIn" else ttl


def check_size(size: int) -> None:
    """Refuse here, with the size, what DynamoDB would refuse without it."""
    if size > MAX_ITEM_BYTES:
        raise LimitExceeded(
            f"The key with its value would take {size} bytes; an item may have {MAX_ITEM_BYTES} (400 KB)."
        )
