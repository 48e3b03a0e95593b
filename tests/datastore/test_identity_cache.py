"""What is remembered of identities, for how long, and what makes it forgotten."""

import pytest

from datastore.access_patterns import PrimaryKey
from datastore.identity_cache import IdentityCache
from datastore.operations import Item

KEY, OTHER = PrimaryKey("USER#alice", "NS#fruit"), PrimaryKey("USER#bob", "NS#fruit")
ITEM = {"role": "OWNER"}


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> IdentityCache:
    return IdentityCache(5, clock=clock)


def read(cache: IdentityCache, key: PrimaryKey, item: Item | None) -> None:
    cache.remember(key, item, cache.ticket(key))


def test_what_was_read_is_remembered(cache: IdentityCache) -> None:
    read(cache, KEY, ITEM)
    assert cache.find(KEY) == ITEM
    assert cache.find(OTHER) is None


@pytest.mark.parametrize(("later", "found"), [(0, True), (4.999, True), (5, False), (6, False)])
def test_it_is_forgotten_when_its_seconds_are_over(
    cache: IdentityCache, clock: Clock, later: float, found: bool
) -> None:
    read(cache, KEY, ITEM)
    clock.now += later
    assert (cache.find(KEY) is not None) is found


def test_reading_it_again_remembers_it_anew(cache: IdentityCache, clock: Clock) -> None:
    read(cache, KEY, ITEM)
    clock.now += 4
    read(cache, KEY, {"role": "VIEWER"})
    clock.now += 4
    assert cache.find(KEY) == {"role": "VIEWER"}


def test_absence_is_never_remembered(cache: IdentityCache) -> None:
    read(cache, KEY, None)
    assert cache.find(KEY) is None
    read(cache, KEY, ITEM)
    assert cache.find(KEY) == ITEM


def test_a_write_makes_it_forgotten(cache: IdentityCache) -> None:
    read(cache, KEY, ITEM)
    cache.evict(KEY)
    assert cache.find(KEY) is None


def test_what_was_read_across_a_write_is_not_remembered(cache: IdentityCache) -> None:
    ticket = cache.ticket(KEY)
    cache.evict(KEY)
    cache.remember(KEY, ITEM, ticket)
    assert cache.find(KEY) is None


def test_a_reader_from_before_a_write_does_not_pass_for_one_from_after_it(cache: IdentityCache) -> None:
    before = cache.ticket(KEY)
    cache.evict(KEY)
    after = cache.ticket(KEY)
    cache.remember(KEY, {"role": "stale"}, before)
    assert cache.find(KEY) is None
    cache.remember(KEY, ITEM, after)
    assert cache.find(KEY) != {"role": "stale"}


def test_a_write_to_one_key_leaves_another_remembered(cache: IdentityCache) -> None:
    read(cache, KEY, ITEM)
    ticket = cache.ticket(OTHER)
    cache.evict(KEY)
    cache.remember(OTHER, ITEM, ticket)
    assert cache.find(OTHER) == ITEM


def test_two_who_read_one_key_at_once_share_what_is_remembered(cache: IdentityCache) -> None:
    tickets = [cache.ticket(KEY), cache.ticket(KEY)]
    for ticket in tickets:
        cache.remember(KEY, ITEM, ticket)
    assert cache.find(KEY) == ITEM


def test_it_holds_no_more_than_its_size_and_lets_the_oldest_go(clock: Clock) -> None:
    cache = IdentityCache(5, clock=clock, size=3)
    keys = [PrimaryKey("USER#alice", f"NS#{number}") for number in range(5)]
    for key in keys:
        read(cache, key, ITEM)
    assert [key for key in keys if cache.find(key)] == keys[2:]
    read(cache, keys[2], ITEM)
    read(cache, KEY, ITEM)
    assert [key for key in [*keys, KEY] if cache.find(key)] == [keys[2], keys[4], KEY]


def test_zero_seconds_turn_it_off(clock: Clock) -> None:
    cache = IdentityCache(0, clock=clock)
    read(cache, KEY, ITEM)
    assert cache.find(KEY) is None
