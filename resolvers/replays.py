"""idempotencyKey: a write is remembered for 24 h, in the transaction that makes it, with what it answered."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from typing import Any

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.entities.key import KeyEntity
from datastore.entities.replay import REMEMBERED_SECONDS, ReplayEntity
from datastore.errors import BadRequest, IdempotencyMismatch, LimitExceeded
from datastore.exact_numbers import significant_digits, to_decimal
from datastore.item_size import MAX_ITEM_BYTES, item_size
from datastore.json_text import parse, render
from datastore.native_values import NULL, to_native
from datastore.operations import Item, PutItem
from resolvers.context import Context
from resolvers.key_state import absent

LONGEST_TOKEN = 128


def token_of(ctx: Context) -> str | None:
    """The idempotencyKey among the arguments, or in the one argument that is an input."""
    token = ctx.arguments.get("idempotency_key")
    for value in ctx.arguments.values():
        if token is None:
            token = getattr(value, "idempotency_key", None)
    return None if token is None else _checked(token)


def replay_key(ctx: Context, token: str) -> PrimaryKey:
    """Each caller's tokens are his own: nobody can answer, or block, another's."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    return AccessPattern.GET_REPLAY.key(user_id=ctx.caller.user_id, digest=digest)


def replay(ctx: Context, item: Item | None) -> Sequence[KeyEntity | None] | None:
    """What the first write under this token answered; None if there was none. Raises IdempotencyMismatch."""
    if item is None:
        return None
    entity = ReplayEntity.from_item(item)
    if entity.ttl <= ctx.now_seconds:
        return None
    if entity.payload != _payload(ctx):
        raise IdempotencyMismatch("This idempotencyKey was used in the last 24 hours with other arguments.")
    return [_told(text) for text in entity.result]


def remember(ctx: Context, token: str, results: Sequence[KeyEntity | None]) -> PutItem:
    """The write that goes into the transaction; it fails if a twin of this request came first."""
    record = ReplayEntity.from_item(
        {
            **replay_key(ctx, token).attributes(),
            "entityType": "REPLAY",
            "createdAt": ctx.timestamp,
            "updatedAt": ctx.timestamp,
            "payload": _payload(ctx),
            "result": [_kept(result) for result in results],
            "ttl": ctx.now_seconds + REMEMBERED_SECONDS,
        }
    ).to_item()
    if (size := item_size(record)) > MAX_ITEM_BYTES:
        raise LimitExceeded(
            f"What an idempotencyKey must remember would take {size} bytes; an item may have {MAX_ITEM_BYTES}."
            " Write smaller values, or fewer at once."
        )
    return PutItem(record, absent(ctx.now_seconds))


def _kept(result: KeyEntity | None) -> str:
    """As JSON text: as native values they would nest deeper here than a key's value may."""
    return render(result.to_item() if result else None)


def _told(text: str) -> KeyEntity | None:
    item = parse(text)
    if not isinstance(item, dict):
        return None
    value = {"value": to_native(item["value"])} if "value" in item else {}
    return KeyEntity.from_item(item | value)


def _payload(ctx: Context) -> str:
    text = json.dumps([ctx.info.path, _canonical(ctx.arguments)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """Equal for two spellings of one value only. Text and numbers bear a mark, or 1 would be "1"."""
    if is_dataclass(value) and not isinstance(value, type):
        return _canonical(asdict(value))
    match value:
        case Mapping():
            return {name: _canonical(member) for name, member in value.items()}
        case list() | tuple():
            return [_canonical(member) for member in value]
        case str():
            return f"text {value}"
        case None | bool():
            return value
        case int() | float() | Decimal():
            return f"number {_spelled(to_decimal(value))}"
    if value is NULL:
        return None
    raise TypeError(f"A {type(value).__name__} is no argument.")


def _spelled(number: Decimal) -> str:
    """1, 1.0 and 10e-1 alike; never digit by digit, for 1e999999999 may stand here unrefused."""
    digits, power = significant_digits(number)
    return f"{'-' if digits and number.is_signed() else ''}{digits or 0}e{power if digits else 0}"


def _checked(token: str) -> str:
    if not 1 <= len(token) <= LONGEST_TOKEN:
        raise LimitExceeded(f"An idempotencyKey has 1 to {LONGEST_TOKEN} characters; this one has {len(token)}.")
    if not token.isprintable():
        raise BadRequest("An idempotencyKey is printable text.")
    return token
