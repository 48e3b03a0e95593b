"""Operations as values: what a resolver's request returns, and what the store runs. T is what the store answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from datastore.access_patterns import KeyRange, PrimaryKey
from datastore.expressions import Condition, Update
from datastore.oidc.values import AccessToken, SignOn, Subject
from datastore.reads import Reads
from datastore.tables import KV_STORAGE_DATA, Table

T_co = TypeVar("T_co", covariant=True)
Item: TypeAlias = Mapping[str, Any]


class Operation(Generic[T_co]):
    """Something to be run by the store; its answer is a T.

    `reads`: the short cut by which its answer may be read. It is no part of what the operation says.
    """


@dataclass(frozen=True)
class GetItem(Operation[Item | None]):
    """One item or None. `remembered`: may be answered from the short identity cache, which writes evict."""

    key: PrimaryKey
    consistent: bool = False
    remembered: bool = False
    reads: Reads | None = field(default=None, compare=False, repr=False)

    @property
    def table(self) -> Table:
        return self.key.table


@dataclass(frozen=True)
class PutItem(Operation[Item | None]):
    """Write a whole item; answers the one that was there."""

    item: Item
    condition: Condition | None = None
    table: Table = KV_STORAGE_DATA

    @property
    def key(self) -> PrimaryKey:
        return PrimaryKey(self.item["PK"], self.item["SK"], self.table)


@dataclass(frozen=True)
class UpdateItem(Operation[Item | None]):
    """Change an item, or make it. `repeatable`: doing it twice by a lost answer does no harm."""

    key: PrimaryKey
    update: Update
    condition: Condition | None = None
    returns: Literal["ALL_OLD", "ALL_NEW"] = "ALL_NEW"
    repeatable: bool = True
    reads: Reads | None = field(default=None, compare=False, repr=False)

    @property
    def table(self) -> Table:
        return self.key.table


@dataclass(frozen=True)
class DeleteItem(Operation[Item | None]):
    """Remove an item; answers what was there."""

    key: PrimaryKey
    condition: Condition | None = None

    @property
    def table(self) -> Table:
        return self.key.table


@dataclass(frozen=True)
class ConditionCheck:
    """In a transaction: nothing is written, but all fails unless the condition holds."""

    key: PrimaryKey
    condition: Condition

    @property
    def table(self) -> Table:
        return self.key.table


@dataclass(frozen=True)
class Page:
    """A page of a Query, `more` if the list goes on behind its last item."""

    items: tuple[Item, ...]
    more: bool
    last: Item | None = None  # where a short page stopped, if not at its last item


@dataclass(frozen=True)
class Query(Operation[Page]):
    """A page of exactly `limit` items that pass `only`, unless the list ends, or too many had to be passed over.

    `then`: ranges of the same index in which the list goes on, one after the other, as one list.
    """

    range: KeyRange
    limit: int
    start: Item | None = None
    reverse: bool = False
    consistent: bool = False
    only: Condition | None = None
    then: tuple[KeyRange, ...] = ()
    reads: Reads | None = field(default=None, compare=False, repr=False)

    @property
    def table(self) -> Table:
        return self.range.table


@dataclass(frozen=True)
class BatchGetItem(Operation[tuple[Item | None, ...]]):
    """Any number of items of any tables, in the order of the keys, None where absent."""

    keys: tuple[PrimaryKey, ...]
    consistent: bool = False


@dataclass(frozen=True)
class BatchWriteItem(Operation[tuple[PrimaryKey, ...]]):
    """Any number of unconditional puts, into `table`, and deletes; answers the keys that could not be written."""

    puts: tuple[Item, ...] = ()
    deletes: tuple[PrimaryKey, ...] = ()
    table: Table = KV_STORAGE_DATA

    @property
    def keys(self) -> tuple[PrimaryKey, ...]:
        """Of the puts, then of the deletes."""
        return (*(PrimaryKey(item["PK"], item["SK"], self.table) for item in self.puts), *self.deletes)


TransactWrite: TypeAlias = PutItem | UpdateItem | DeleteItem | ConditionCheck


@dataclass(frozen=True)
class TransactWriteItems(Operation[None]):
    """All of the writes or none; the client sends it with a token, so that its own repeats are one call."""

    writes: tuple[TransactWrite, ...]


@dataclass(frozen=True)
class HashPassword(Operation[str]):
    """Hash a password with argon2id, off the event loop; answers the PHC string."""

    password: str = field(repr=False)


@dataclass(frozen=True)
class PasswordVerdict:
    """`wait_seconds`: tried too often, so not looked at. `outdated`: to be hashed again with today's parameters.

    `last`: it is wrong, and the account has no further attempt at present.
    """

    matches: bool = False
    outdated: bool = False
    last: bool = False
    wait_seconds: int = 0


@dataclass(frozen=True)
class VerifyPassword(Operation[PasswordVerdict]):
    """Whether a password is the one behind a stored hash, which may be None; the attempt counts.

    `account` is whose it is said to be, whether there is such a one or not; `address` is the client's.
    """

    password: str = field(repr=False)
    stored: str | None = field(repr=False)
    account: str
    address: str


@dataclass(frozen=True)
class Deferred(Operation[None]):
    """Another operation, to be run once this one is answered: for what nobody waits for. It may be lost in a crash."""

    operation: Operation[Any]


@dataclass(frozen=True)
class BeginSignOn(Operation[SignOn]):
    """Where the OpenID Connect issuer lets people sign on; asked of it once an hour."""


@dataclass(frozen=True)
class ExchangeCode(Operation[Subject]):
    """Give the issuer its code back for an ID token, and verify that; answers who has signed on."""

    code: str = field(repr=False)
    redirect_uri: str
    verifier: str = field(repr=False)
    nonce: str


@dataclass(frozen=True)
class VerifyAccessToken(Operation[AccessToken | None]):
    """Whose access token of the issuer this is; None if it is not to be trusted."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class Nothing(Operation[None]):
    """No data source: the response answers from the context alone (AppSync's NONE)."""
