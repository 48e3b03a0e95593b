"""Pages: how many, from where, and what the next is asked for with."""

from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.errors import BadRequest, InvalidCursor, LimitExceeded
from datastore.operations import Item, Page
from resolvers.context import Context, Identity
from resolvers.paging import Listing, Paging, list_request, list_response
from tests.resolvers.contexts import SHOP, context, key_item

KEYS = AccessPattern.LIST_KEYS.range(SHOP)


def _context(**changes: Any) -> Context:
    return context("Query.keys", arguments={"namespace": "shop", "prefix": "a", "paging": Paging()}, **changes)


def _listing(ctx: Context, page: Page) -> Listing[Item]:
    list_request(ctx, KEYS, Paging())
    return list_response(ctx, page, lambda item: item)


@pytest.mark.parametrize(
    ("paging", "size"),
    [(Paging(), 50), (Paging(limit=1), 1), (Paging(first=100), 100)],
)
def test_a_page_has_1_to_100_items_and_50_unless_told(paging: Paging, size: int) -> None:
    assert list_request(_context(), KEYS, paging).limit == size


@pytest.mark.parametrize("size", [-1, 0, 101])
def test_another_size_is_refused_with_what_was_asked_for(size: int) -> None:
    with pytest.raises(LimitExceeded, match=f"1 to 100 items; {size} were asked for"):
        Paging(limit=size).size()


def test_both_spellings_at_once_are_refused() -> None:
    with pytest.raises(BadRequest, match="limit and first mean the same"):
        Paging(limit=1, first=1).size()
    with pytest.raises(BadRequest, match="nextToken and after mean the same"):
        Paging(next_token="a", after="b").token()


@pytest.mark.parametrize("spelling", ["next_token", "after"])
def test_a_token_goes_on_behind_the_item_it_was_given_for(spelling: str) -> None:
    token = _listing(_context(), Page((key_item("a"), key_item("b")), more=True)).next_token
    query = list_request(_context(), KEYS, Paging(**{spelling: token}))
    assert query.start == {"PK": "NS#shop", "SK": "KEY#b", "GSI1PK": "NS#shop", "GSI1SK": "KEY#b"}


def test_every_item_has_its_own_cursor() -> None:
    ctx = _context()
    listing = _listing(ctx, Page((key_item("a"), key_item("b")), more=False))
    opened = [ctx.open_cursor(listing.seal(position))["SK"] for position in listing.positions]
    assert opened == ["KEY#a", "KEY#b"]


def test_the_last_page_has_an_end_but_no_next() -> None:
    listing = _listing(_context(), Page((key_item("a"),), more=False))
    assert listing.next_token is None
    assert listing.end


def test_an_empty_list_has_neither() -> None:
    listing = _listing(_context(), Page((), more=False))
    assert (listing.next_token, listing.end, listing.begun) == (None, None, False)


def test_a_page_cut_short_goes_on_where_it_stopped() -> None:
    ctx = _context()
    listing = _listing(ctx, Page((), more=True, last={"PK": "NS#shop", "SK": "KEY#z"}))
    assert listing.next_token
    assert ctx.open_cursor(listing.next_token) == {"PK": "NS#shop", "SK": "KEY#z"}


def test_a_page_behind_a_token_has_a_previous_one() -> None:
    ctx = _context()
    list_request(ctx, KEYS, Paging(after=ctx.seal_cursor({"PK": "NS#shop"})))
    assert list_response(ctx, Page((), more=False), lambda item: item).begun


@pytest.mark.parametrize(
    "other",
    [
        _context(identity=Identity("bob")),
        context("Namespace.keys", arguments={"namespace": "shop", "prefix": "a", "paging": Paging()}),
        context("Query.keys", arguments={"namespace": "shop", "prefix": "b", "paging": Paging()}),
        _context(grants={}),
    ],
)
def test_a_token_is_good_for_its_caller_list_and_arguments_only(other: Context) -> None:
    token = _context().seal_cursor({"PK": "NS#shop"})
    with pytest.raises(InvalidCursor):
        list_request(other, KEYS, Paging(next_token=token))


def test_the_size_of_the_page_may_change_on_the_way() -> None:
    token = _context().seal_cursor({"PK": "NS#shop"})
    ctx = context("Query.keys", arguments={"namespace": "shop", "prefix": "a", "paging": Paging(limit=7)})
    assert list_request(ctx, KEYS, Paging(limit=7, next_token=token)).start == {"PK": "NS#shop"}


def test_a_converted_listing_keeps_its_place() -> None:
    listing = _listing(_context(), Page((key_item("a"),), more=True))
    named = listing.map(lambda item: item["SK"])
    assert (named.entities, named.positions, named.more) == (["KEY#a"], listing.positions, True)
