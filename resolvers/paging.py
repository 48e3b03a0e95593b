"""Lists page by page: limit/nextToken and first/after say the same, and one Listing serves both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from datastore.access_patterns import KeyRange
from datastore.errors import BadRequest, LimitExceeded
from datastore.expressions import Condition
from datastore.operations import Item, Page, Query
from datastore.reads import Reads
from datastore.requests import start_key
from resolvers.context import Context

E = TypeVar("E")
F = TypeVar("F")
DEFAULT_LIMIT, LARGEST_LIMIT = 50, 100


@dataclass(frozen=True)
class Paging:
    """What a caller asked for: how many, and behind which token."""

    limit: int | None = None
    next_token: str | None = None
    first: int | None = None
    after: str | None = None

    def size(self) -> int:
        size = _either("limit", self.limit, "first", self.first)
        size = DEFAULT_LIMIT if size is None else size
        if not 1 <= size <= LARGEST_LIMIT:
            raise LimitExceeded(f"A page has 1 to {LARGEST_LIMIT} items; {size} were asked for.")
        return size

    def token(self) -> str | None:
        return _either("nextToken", self.next_token, "after", self.after)


@dataclass(frozen=True)
class Listing(Generic[E]):
    """A page of entities. `cursors` are made when asked for: sealing one costs."""

    entities: Sequence[E]
    positions: Sequence[Mapping[str, Any]]
    more: bool
    begun: bool
    seal: Callable[[Mapping[str, Any]], str]
    last: Mapping[str, Any] | None = None

    @property
    def end(self) -> str | None:
        """The token behind the page's last item."""
        position = self.last or (self.positions[-1] if self.positions else None)
        return self.seal(position) if position else None

    @property
    def next_token(self) -> str | None:
        return self.end if self.more else None

    def map(self, convert: Callable[[E], F]) -> "Listing[F]":
        entities = [convert(entity) for entity in self.entities]
        return Listing(entities, self.positions, self.more, self.begun, self.seal, self.last)

    def exchange(self, others: Sequence[F | None]) -> "Listing[F]":
        """Another entity for each, in their order; one for which there is None is left out, with its position."""
        there = [(other, position) for other, position in zip(others, self.positions, strict=True) if other is not None]
        last = self.last or (self.positions[-1] if self.positions else None)
        entities, positions = [other for other, _ in there], [position for _, position in there]
        return Listing(entities, positions, self.more, self.begun, self.seal, last)


def empty_listing(ctx: Context) -> Listing[Any]:
    """What is answered without asking: nothing, and nothing behind it."""
    return Listing((), (), more=False, begun=False, seal=ctx.seal_cursor)


def list_request(
    ctx: Context,
    range_: KeyRange,
    paging: Paging,
    *,
    reverse: bool = False,
    consistent: bool = False,
    only: Condition | None = None,
    then: tuple[KeyRange, ...] = (),
    reads: Reads | None = None,
) -> Query:
    """A Query for the page; keeps what `list_response` needs in the stash."""
    token = paging.token()
    start = None if token is None else ctx.open_cursor(token)
    query = Query(range_, paging.size(), start, reverse, consistent, only, then, reads)
    ctx.stash["query"] = query
    return query


def list_response(ctx: Context, page: Page, convert: Callable[[Item], E]) -> Listing[E]:
    return listing(ctx, page, [convert(item) for item in page.items])


def listing(ctx: Context, page: Page, entities: Sequence[E]) -> Listing[E]:
    """The page as entities that have been made of its items already."""
    query: Query = ctx.stash["query"]
    return Listing(
        entities, _Positions(query, page.items), page.more, query.start is not None, ctx.seal_cursor, page.last
    )


@dataclass(frozen=True)
class _Positions(Sequence[Mapping[str, Any]]):
    """Where each item stands, worked out when it is asked: most callers want the last one's alone."""

    query: Query
    items: Sequence[Item]

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return _Positions(self.query, self.items[place])
        return start_key(self.query, self.items[place])


def _either(one: str, first: E | None, other: str, second: E | None) -> E | None:
    if first is not None and second is not None:
        raise BadRequest(f"{one} and {other} mean the same: give one of them.")
    return second if first is None else first
