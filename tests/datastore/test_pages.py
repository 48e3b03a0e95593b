"""Pages: as full as asked for, sure whether anything follows, without gap or repeat while others write (D6, D7)."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datastore.access_patterns import AccessPattern
from datastore.attribute_values import tag_item
from datastore.client import Client
from datastore.entities.user import UserEntity
from datastore.errors import InvalidCursor
from datastore.expressions import greater, missing
from datastore.grants import Grant, NamespaceRole
from datastore.local_engine import Engine
from datastore.operations import BatchWriteItem, DeleteItem, Item, Page, PutItem, Query
from datastore.pages import MAX_CALLS, get_page
from datastore.requests import start_key
from datastore.store import Store
from tests.conftest import FreshTables
from tests.datastore.scripted_client import ScriptedClient
from tests.datastore.stores import GRANT, item_of, key_of, make_store
from tests.recording_client import RecordingClient, Sent

LIVE = missing("ttl") | greater("ttl", 1000)
KEYS = AccessPattern.LIST_KEYS
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
CONSISTENT = AccessPattern.LIST_KEYS_CONSISTENT


def names(page: Page) -> list[str]:
    return [item["SK"].removeprefix("KEY#") for item in page.items]


async def fill(store: Store, count: int, *, expired: range = range(0)) -> list[str]:
    made = [f"k{number:03}" for number in range(count)]
    items = [item_of(name, **({"ttl": 5} if number in expired else {})) for number, name in enumerate(made)]
    assert await store.execute(BatchWriteItem(puts=tuple(items))) == ()
    return made


async def all_pages(store: Store, query: Query) -> list[Page]:
    pages: list[Page] = []
    start: Item | None = None
    while not pages or pages[-1].more:
        page = await store.execute(replace(query, start=start))
        pages.append(page)
        start = page.last or (start_key(query, page.items[-1]) if page.items else None)
    return pages


@pytest.mark.parametrize(("count", "found", "more"), [(4, 4, False), (5, 5, False), (6, 5, True)])
async def test_one_item_more_than_asked_for_tells_whether_the_list_goes_on(
    store: Store, recording: RecordingClient, count: int, found: int, more: bool
) -> None:
    made = await fill(store, count)
    recording.sent.clear()
    page = await store.execute(Query(KEYS.range(GRANT), limit=5))
    assert (names(page), page.more, page.last) == (made[:found], more, None)
    assert [sent.parameters["Limit"] for sent in recording.sent] == [6]


async def test_an_empty_list_is_an_empty_page(store: Store) -> None:
    assert await store.execute(Query(KEYS.range(GRANT), limit=5)) == Page((), more=False)


@pytest.mark.parametrize("limit", [1, 3, 7, 20, 100])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("pattern", [KEYS, CONSISTENT])
async def test_pages_together_are_the_whole_list(
    store: Store, limit: int, reverse: bool, pattern: AccessPattern
) -> None:
    made = await fill(store, 20)
    query = Query(pattern.range(GRANT), limit, reverse=reverse, consistent=pattern is CONSISTENT)
    pages = await all_pages(store, query)
    assert [name for page in pages for name in names(page)] == (made[::-1] if reverse else made)
    assert [len(page.items) for page in pages[:-1]] == [limit] * (len(pages) - 1)


async def test_a_consistent_page_is_read_consistently(store: Store, recording: RecordingClient) -> None:
    await store.execute(Query(CONSISTENT.range(GRANT), limit=1, consistent=True))
    assert recording.sent[-1].parameters["ConsistentRead"] is True
    assert "IndexName" not in recording.sent[-1].parameters


@pytest.mark.parametrize("reverse", [False, True])
async def test_a_page_is_filled_up_past_what_does_not_pass_the_filter(store: Store, reverse: bool) -> None:
    made = await fill(store, 30, expired=range(3, 24))
    wanted = made[:3] + made[24:]
    query = Query(KEYS.range(GRANT), 5, reverse=reverse, only=LIVE)
    first, *rest = await all_pages(store, query)
    assert len(first.items) == 5
    assert [name for page in (first, *rest) for name in names(page)] == (wanted[::-1] if reverse else wanted)


async def test_a_list_that_ends_in_what_does_not_pass_has_no_more(store: Store) -> None:
    made = await fill(store, 20, expired=range(5, 20))
    page = await store.execute(Query(KEYS.range(GRANT), limit=5, only=LIVE))
    assert (names(page), page.more) == (made[:5], False)


async def test_too_much_to_pass_over_ends_the_page_and_says_where_to_go_on(
    store: Store, recording: RecordingClient
) -> None:
    made = await fill(store, 50, expired=range(1, 49))
    recording.sent.clear()
    query = Query(KEYS.range(GRANT), 1, only=LIVE)
    first = await store.execute(query)
    assert names(first) == made[:1]
    assert first.more
    assert first.last is not None
    assert len(recording.sent) == MAX_CALLS
    pages = await all_pages(store, query)
    assert [name for page in pages for name in names(page)] == [made[0], made[49]]


async def test_a_page_may_be_empty_and_still_go_on(store: Store) -> None:
    made = await fill(store, 60, expired=range(59))
    pages = await all_pages(store, Query(KEYS.range(GRANT), 1, only=LIVE))
    assert pages[0].items == ()
    assert pages[0].last is not None
    assert [name for page in pages for name in names(page)] == [made[59]]


async def test_a_page_that_dynamodb_cut_at_a_megabyte_is_filled_up(store: Store) -> None:
    large = [item_of(f"k{number}", value="x" * 300_000) for number in range(6)]
    for item in large:
        await store.execute(PutItem(item))
    page = await store.execute(Query(KEYS.range(GRANT), limit=6))
    assert page == Page(tuple(large), more=False)


async def test_the_start_need_not_exist_any_more(store: Store) -> None:
    made = await fill(store, 10)
    query = Query(KEYS.range(GRANT), 4)
    page = await store.execute(query)
    for name in made[2:6]:
        await store.execute(DeleteItem(key_of(name)))
    start = start_key(query, page.items[-1])
    assert names(await store.execute(Query(query.range, 10, start))) == made[6:]


async def test_pages_have_no_gap_and_no_repeat_while_others_insert_and_delete(store: Store) -> None:
    """D7: what was there all the time comes exactly once."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    stable = await fill(store, 60)
    done = asyncio.Event()

    async def disturb() -> None:
        while not done.is_set():
            name = f"k{chance.randrange(60):03}+{chance.randrange(3)}"
            change = chance.choice([PutItem(item_of(name)), DeleteItem(key_of(name))])
            await store.execute(change)

    disturbing = [asyncio.create_task(disturb()) for _ in range(2)]
    for reverse in (False, True):
        for pattern in (KEYS, CONSISTENT):
            pages = await all_pages(store, Query(pattern.range(GRANT), 7, reverse=reverse))
            seen = [name for page in pages for name in names(page)]
            assert len(set(seen)) == len(seen)
            assert seen == sorted(seen, reverse=reverse)
            assert sorted(name for name in seen if "+" not in name) == stable
    done.set()
    await asyncio.gather(*disturbing)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.sets(texts, max_size=12), prefix=st.one_of(texts, st.just("")), cut=st.integers(0, 12))
async def test_order_and_prefix_go_by_utf_8_bytes(store: Store, texts: set[str], prefix: str, cut: int) -> None:
    ordered = sorted(texts, key=str.encode)
    prefix = ordered[cut][:1] if cut < len(ordered) else prefix
    found = await listed(store, Grant("alice", f"ns-{uuid4().hex}", NamespaceRole.OWNER), texts, prefix)
    assert found == [text for text in ordered if text.encode().startswith(prefix.encode())]


async def listed(store: Store, grant: Grant, texts: set[str], prefix: str) -> list[str]:
    await store.execute(BatchWriteItem(puts=tuple(item_of(text, grant) for text in texts)))
    pages = await all_pages(store, Query(KEYS.range(grant, prefix=prefix), 5))
    return [name for page in pages for name in names(page)]


async def test_what_is_asked_follows_from_what_came(store: Store) -> None:
    """Each call asks for what is still missing, and one more, behind where the last one stopped."""
    answers = [["a", "b"], [], ["c"], ["d"]]

    def answer(sent: Sent, number: int) -> Mapping[str, Any]:
        items = [tag_item(item_of(name)) for name in answers[number]]
        last = {"LastEvaluatedKey": tag_item({"PK": "p", "SK": f"{number}"})} if number < 3 else {}
        return {"Items": items, **last}

    client = ScriptedClient(answer)
    page = await get_page(client, Query(KEYS.range(GRANT), 3, only=LIVE), lambda _: "t")
    assert (names(page), page.more) == (["a", "b", "c"], True)
    assert [sent.parameters["Limit"] for sent in client.sent] == [4, 2, 2, 1]
    starts = [sent.parameters.get("ExclusiveStartKey", {}).get("SK", {}).get("S") for sent in client.sent]
    assert starts == [None, "0", "1", "2"]


MONTHS = ("2026-04", "2026-03", "2026-02", "2026-01")
users = st.lists(st.tuples(st.sampled_from(MONTHS), st.integers(1, 28), st.booleans()), max_size=14)


def user_item(number: int, month: str, day: int, *, active: bool = True) -> Item:
    status = {} if active else {"status": "SUSPENDED"}
    return UserEntity.new(f"u{number:03}", f"{month}-{day:02}T00:00:00.000Z", **status).to_item()


def walk(limit: int, **more: Any) -> Query:
    """All months, newest first, as one list."""
    first, *then = (AccessPattern.LIST_BY_CREATED_AT.range(month=month) for month in MONTHS)
    return Query(first, limit, reverse=True, then=tuple(then), **more)


def ids(pages: list[Page]) -> list[str]:
    return [item["userId"] for page in pages for item in page.items]


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=users, limit=st.integers(1, 16), filtered=st.booleans())
async def test_a_list_in_several_partitions_is_one_list(
    client: Client, engine: Engine, made: list[tuple[str, int, bool]], limit: int, filtered: bool
) -> None:
    items = [user_item(number, month, day, active=active) for number, (month, day, active) in enumerate(made)]
    wanted = sorted((item for item in items if not filtered or "status" not in item), key=lambda item: item["GSI3SK"])
    with make_store(client, FreshTables(engine)) as store:
        await store.execute(BatchWriteItem(puts=tuple(items)))
        pages = await all_pages(store, walk(limit, only=missing("status") if filtered else None))
    assert ids(pages) == [item["userId"] for item in reversed(wanted)]
    assert all(len(page.items) == limit for page in pages[:-1])


async def test_pages_of_every_size_there_is_make_up_the_same_list(store: Store) -> None:
    """G19: 1 to 100, and one more than the list has."""
    items = [user_item(number, MONTHS[number % 4], number % 28 + 1, active=number % 5 > 0) for number in range(100)]
    await store.execute(BatchWriteItem(puts=tuple(items)))
    for only in (None, missing("status")):
        wanted = [item for item in items if only is None or "status" not in item]
        ordered = [item["userId"] for item in sorted(wanted, key=lambda item: item["GSI3SK"], reverse=True)]
        for size in range(1, 102):
            pages = await all_pages(store, walk(size, only=only))
            assert ids(pages) == ordered
            assert all(len(page.items) == size for page in pages[:-1])


async def test_empty_partitions_cost_a_call_each_and_end_no_page(store: Store, recording: RecordingClient) -> None:
    await store.execute(BatchWriteItem(puts=(user_item(1, "2026-01", 1),)))
    recording.sent.clear()
    page = await store.execute(walk(5))
    assert (ids([page]), page.more) == (["u001"], False)
    assert len(recording.sent) == len(MONTHS)


async def test_a_walk_that_passes_over_too_much_goes_on_from_where_it_stopped(store: Store) -> None:
    """Also where that is the beginning of a partition of which nothing has been read."""
    hidden = [user_item(number, "2026-04", 1, active=False) for number in range(2 * (MAX_CALLS + len(MONTHS) - 1))]
    await store.execute(BatchWriteItem(puts=(*hidden, user_item(100, "2026-03", 1), user_item(101, "2026-03", 2))))
    pages = await all_pages(store, walk(1, only=missing("status")))
    assert pages[0] == Page((), more=True, last=pages[0].last)
    assert ids(pages) == ["u101", "u100"]


async def test_a_position_in_no_partition_of_the_list_is_refused(store: Store) -> None:
    with pytest.raises(InvalidCursor):
        await store.execute(walk(1, start={"GSI3PK": "USERS#1999-01"}))


@pytest.mark.parametrize(("low", "high", "found"), [("02", "03", [2, 3]), ("01", "01", [1]), ("04", "09", [])])
async def test_a_range_between_two_moments_holds_both_ends(store: Store, low: str, high: str, found: list[int]) -> None:
    await store.execute(BatchWriteItem(puts=tuple(user_item(day, "2026-01", day) for day in (1, 2, 3))))
    ends = {name: f"2026-01-{day}T00:00:00.000Z" for name, day in (("low", low), ("high", high))}
    page = await store.execute(Query(AccessPattern.LIST_BY_CREATED_AT.between(month="2026-01", **ends), 10))
    assert ids([page]) == [f"u{day:03}" for day in found]


@pytest.mark.parametrize("reverse", [False, True])
async def test_what_an_engine_takes_for_a_beginning_is_passed_over_at_both_ends(reverse: bool) -> None:
    """Dynoxide 1.2.1 takes "User" for a beginning of "user"."""
    made = sorted(["Use", "USER", "use", "user", "usé", "uSe"])
    tagged = [tag_item(item_of(name)) for name in (reversed(made) if reverse else made)]
    script = ScriptedClient(lambda sent, number: {"Items": tagged})
    with make_store(script) as store:
        for prefix, found in (("us", ["use", "user", "usé"]), ("USER", ["USER"]), ("u", ["uSe", "use", "user", "usé"])):
            page = await store.execute(Query(CONSISTENT.range(GRANT, prefix=prefix), limit=9, reverse=reverse))
            assert sorted(names(page)) == found
