"""The store runs operations: the only place in the program that awaits the table."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from datastore import requests
from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.backoff import pause
from datastore.batches import get_items, write_items
from datastore.claims import Claims
from datastore.client import Client
from datastore.deferred_writes import DeferredWrites
from datastore.errors import NoIssuer, OutcomeUnknown, TransactionCancelled, Unavailable
from datastore.identity_cache import IdentityCache
from datastore.login_limits import LoginLimits
from datastore.metering.meter import Meter
from datastore.oidc.relying_party import RelyingParty
from datastore.operations import (
    BatchGetItem,
    BatchWriteItem,
    BeginSignOn,
    Deferred,
    DeleteItem,
    ExchangeCode,
    GetItem,
    HashPassword,
    Item,
    Nothing,
    Operation,
    PutItem,
    Query,
    TransactWriteItems,
    UpdateItem,
    VerifyAccessToken,
    VerifyPassword,
)
from datastore.pages import get_page
from datastore.password_verification import PasswordVerification
from datastore.passwords import PasswordHasher
from datastore.reads import Reads
from datastore.stored_keys import StoredKey, untagged
from datastore.tables import Table

T = TypeVar("T")
CONFLICT_ATTEMPTS = 6
_CONTENTION = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class Store:
    """`names` maps a declared table's name to the one it really has, where they differ.

    `meter` learns of the writes of which nobody knows whether they happened.
    """

    def __init__(
        self,
        client: Client,
        cache: IdentityCache,
        passwords: PasswordHasher,
        *,
        names: Mapping[str, str],
        limits: LoginLimits | None = None,
        issuer: RelyingParty | None = None,
    ) -> None:
        self._client = client
        self._cache = cache
        self._passwords = passwords
        self._verification = PasswordVerification(passwords, limits or LoginLimits(clock=time.monotonic))
        self._names = names
        self.deferred = DeferredWrites(self.execute)
        self._watchers: list[Callable[[PrimaryKey], None]] = []
        self._issuer = issuer
        self.claims = Claims()
        self.meter = Meter()

    def execute(self, operation: Operation[T]) -> Coroutine[Any, Any, T]:
        """Run one operation. Raises a Refusal (see datastore.errors)."""
        return self._execute(operation)

    async def _execute(self, operation: Operation[Any]) -> Any:
        match operation:  # from the most usual to the rarest
            case GetItem():
                return await self._get_item(operation)
            case Query():
                return await get_page(self._client, operation, self.name_of)
            case UpdateItem():
                return await self._write(operation)
            case BatchGetItem():
                return await get_items(self._client, operation, self.name_of)
            case Nothing():
                return None
            case HashPassword(password):
                return await self._passwords.hash(password)
            case VerifyPassword():
                return await self._verification.verify(operation)
            case Deferred(later):
                return self.deferred.start(later)
            case VerifyAccessToken() if self._issuer is None:
                return None
            case BeginSignOn() | ExchangeCode() | VerifyAccessToken():
                return await self._ask_issuer(operation)
        return await self._write(operation)

    async def _ask_issuer(self, operation: Operation[Any]) -> Any:
        if self._issuer is None:
            raise NoIssuer("Single sign-on is not set up here: the server has no KV_OIDC_ISSUER.")
        return await self._issuer.execute(operation)

    def recall(self, operation: GetItem) -> Item | None:
        """What the identity cache knows of it, without asking the table."""
        return self._cache.find(operation.key) if operation.remembered else None

    async def _get_item(self, operation: GetItem) -> Item | None:
        if not operation.remembered:
            return await self._read_item(operation)
        if known := self.recall(operation):
            return known
        with self.remembering([operation]) as remember:
            item = await self._read_item(operation)
            remember([item])
        return item

    async def _read_item(self, operation: GetItem) -> Item | None:
        request = requests.get_item(operation, self.name_of)
        answer = await self._client.call("GetItem", request, reads=operation.reads)
        tagged = answer.get("Item")
        return untagged(tagged) if tagged else None

    @contextmanager
    def remembering(self, operations: Sequence[GetItem]) -> Iterator[Callable[[Sequence[Item | None]], None]]:
        """Gives what is to be called with the items read; a write in between makes it forget them."""
        tickets = {each.key: self._cache.ticket(each.key) for each in operations if each.remembered}

        def remember(items: Sequence[Item | None]) -> None:
            for each, item in zip(operations, items, strict=True):
                if each.remembered:
                    self._cache.remember(each.key, item, tickets[each.key])

        try:
            yield remember
        finally:
            for key, ticket in tickets.items():
                self._cache.remember(key, None, ticket)

    async def _write(self, operation: Operation[Any]) -> Any:
        """Evicts before and after: neither a failed nor an unanswered write may leave a stale identity behind."""
        keys = _keys_written(operation)
        self._evict(keys)
        try:
            return await self._send(operation)
        except (Unavailable, OutcomeUnknown, asyncio.CancelledError):
            for key in keys:
                self.meter.doubt(key)
            raise
        finally:
            self._evict(keys)

    async def _send(self, operation: Operation[Any]) -> Any:
        match operation:
            case PutItem():
                return await self._change("PutItem", requests.put_item(operation, self.name_of))
            case UpdateItem():
                request = requests.update_item(operation, self.name_of)
                return await self._change("UpdateItem", request, repeatable=operation.repeatable, reads=operation.reads)
            case DeleteItem():
                return await self._delete(operation)
            case BatchWriteItem():
                return await write_items(self._client, operation, self.name_of)
            case TransactWriteItems():
                return await self._transact(operation)
        raise TypeError(f"{type(operation).__name__} is not an operation of the store")

    async def _change(
        self, action: str, request: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Item | None:
        """The item as asked for; Dynoxide answers ALL_OLD of an absent one with its bare key, DynamoDB with nothing."""
        return _attributes(await self._insist(action, request, repeatable=repeatable, reads=reads))

    async def _delete(self, operation: DeleteItem) -> Item | None:
        answer = await self._insist("DeleteItem", requests.delete_item(operation, self.name_of))
        if answer.get("ResponseMetadata", {}).get("RetryAttempts"):
            self.meter.doubt(operation.key)  # an earlier attempt, which was not answered, may have deleted it
        return _attributes(answer)

    async def _transact(self, operation: TransactWriteItems) -> None:
        await self._insist("TransactWriteItems", requests.transact_write_items(operation, self.name_of))

    async def _insist(
        self, action: str, request: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Mapping[str, Any]:
        """The SDK does not repeat a write that a transaction got in the way of: nothing happened, so we do."""
        for attempt in range(CONFLICT_ATTEMPTS):
            if attempt:
                await pause(attempt - 1)
            try:
                return await self._client.call(action, request, repeatable=repeatable, reads=reads)
            except TransactionCancelled as cancelled:
                codes = {reason.code for reason in cancelled.reasons} - {"None"}
                if not codes or codes - _CONTENTION:
                    raise
        raise Unavailable("Other writes to the same items kept getting in the way; try again.")

    def watch(self, notice: Callable[[PrimaryKey], None]) -> None:
        """`notice` is told each key that is written here, before the write and after it."""
        self._watchers.append(notice)

    def _evict(self, keys: Sequence[PrimaryKey]) -> None:
        for key in keys:
            self._cache.evict(key)
            for notice in self._watchers:
                notice(key)

    async def check(self) -> None:
        """Whether the table answers. Raises a Refusal if not; any key will do, none needs to be there."""
        await self.execute(GetItem(AccessPattern.GET_USER.key(user_id="readiness")))

    def name_of(self, table: Table) -> str:
        return self._names.get(table.name, table.name)

    async def close(self) -> None:
        await self.deferred.settled()
        self._passwords.close()
        if self._issuer is not None:
            await self._issuer.close()
        await self._client.close()


def _attributes(answer: Mapping[str, Any]) -> Item | None:
    item = untagged(answer.get("Attributes") or {})
    return item if isinstance(item, StoredKey) or item.keys() - {"PK", "SK"} else None


def _keys_written(operation: Operation[Any]) -> list[PrimaryKey]:
    match operation:
        case PutItem() | UpdateItem() | DeleteItem():
            return [operation.key]
        case BatchWriteItem():
            return list(operation.keys)
        case TransactWriteItems(writes):
            return [write.key for write in writes]
    return []
