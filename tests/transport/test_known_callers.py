"""An identity counts as long as everything from which it was found out is remembered."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.operations import GetItem, Item
from datastore.policies import BUILT_IN, Policies
from datastore.store import Store
from resolvers.context import Identity
from transport.known_callers import KnownCallers

ALICE = Identity("alice")
KEY, USER = (
    GetItem(key, remembered=True)
    for key in (AccessPattern.GET_API_KEY.key(digest="d" * 64), AccessPattern.GET_USER.key(user_id="alice"))
)


@dataclass
class Memory:
    """The part of a store that remembers."""

    items: dict[PrimaryKey, Item] = field(default_factory=lambda: {KEY.key: {"a": "1"}, USER.key: {"b": "2"}})

    def recall(self, operation: GetItem) -> Item | None:
        return self.items.get(operation.key)


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def callers(memory: Memory) -> KnownCallers:
    known = KnownCallers(cast(Store, memory))
    known.remember("key", ALICE, BUILT_IN, [(each, memory.items[each.key]) for each in (KEY, USER)])
    return known


def test_a_caller_is_known_by_the_text_of_his_key_alone(callers: KnownCallers) -> None:
    assert callers.find("key", BUILT_IN) is ALICE
    assert callers.find("Key", BUILT_IN) is None


@pytest.mark.parametrize("reading", [KEY, USER], ids=["key", "user"])
def test_what_is_forgotten_or_read_anew_makes_him_unknown(
    callers: KnownCallers, memory: Memory, reading: GetItem
) -> None:
    memory.items[reading.key] = dict(memory.items[reading.key])
    assert callers.find("key", BUILT_IN) is None
    del memory.items[reading.key]
    assert callers.find("key", BUILT_IN) is None


@pytest.mark.parametrize("policies", [None, Policies(BUILT_IN.config, BUILT_IN.tiers, BUILT_IN.roles)])
def test_other_policies_make_him_unknown(callers: KnownCallers, policies: Any) -> None:
    assert callers.find("key", policies) is None
