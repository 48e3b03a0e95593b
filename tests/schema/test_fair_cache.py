"""A cache that its users share without pushing one another out."""

import random

from schema.fair_cache import FairCache


def test_an_entry_is_found_by_all_who_know_its_key() -> None:
    cache = FairCache[str, int](2)
    cache.put("a", 1, owner="alice")
    assert (cache.get("a"), cache.get("b")) == (1, None)


def test_who_holds_most_makes_room_however_much_he_puts() -> None:
    cache = FairCache[str, int](10)
    for number in range(3):
        cache.put(f"bob-{number}", number, owner="bob")
    for number in range(1000):
        cache.put(f"mallory-{number}", number, owner="mallory")
    assert [cache.get(f"bob-{number}") for number in range(3)] == [0, 1, 2]
    assert sum(cache.get(f"mallory-{number}") is not None for number in range(1000)) == 7


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache = FairCache[str, int](2)
    cache.put("a", 1, owner="alice")
    cache.put("b", 2, owner="alice")
    assert cache.get("a") == 1
    cache.put("c", 3, owner="alice")
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)


def test_nobody_can_change_what_another_has_put() -> None:
    cache = FairCache[str, int](2)
    cache.put("a", 1, owner="alice")
    cache.put("a", 2, owner="mallory")
    assert cache.get("a") == 1


def test_many_owners_of_one_entry_each_stay_within_the_capacity() -> None:
    cache = FairCache[int, int](5)
    for number in range(100):
        cache.put(number, number, owner=number)
    assert sum(cache.get(number) is not None for number in range(100)) == 5


def test_who_holds_the_heaviest_makes_room_not_who_holds_many() -> None:
    cache = FairCache[str, int](100)
    for number in range(10):
        cache.put(f"bob-{number}", number, owner="bob", weight=4)
    for number in range(20):
        cache.put(f"mallory-{number}", number, owner="mallory", weight=30)
    assert all(cache.get(f"bob-{number}") is not None for number in range(10))
    assert [number for number in range(20) if cache.get(f"mallory-{number}") is not None] == [18, 19]


def test_what_weighs_more_than_all_may_is_not_kept_and_leaves_nothing_behind() -> None:
    cache = FairCache[str, int](10)
    cache.put("a", 1, owner="alice", weight=11)
    assert cache.get("a") is None
    cache.put("b", 2, owner="bob", weight=10)
    assert cache.get("b") == 2


def test_however_entries_come_and_go_their_weights_are_counted() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance, cache = random.Random(seed), FairCache[int, int](50)
    for _ in range(2000):
        key = chance.randrange(200)
        cache.put(key, key, owner=key % 7, weight=1 + key % 9)
        held = [each for each in range(200) if cache.get(each) is not None]
        assert sum(1 + each % 9 for each in held) <= 50
