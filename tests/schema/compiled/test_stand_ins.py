"""Keys read straight from the wire go out as graphql-core shows KeyEntities, whatever their items hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from graphql import GraphQLSchema, parse

from bench.canned_answers import answers
from bench.fixture import USER_ID, key_item
from datastore.cursors import CursorSeal
from datastore.gathering import GatheringStore
from datastore.identity_cache import IdentityCache
from datastore.passwords import PasswordHasher
from datastore.reads import Reads
from datastore.store import Store
from datastore.wire.codec import with_bytes
from resolvers.context import Identity
from schema.build import build_schema, executable
from schema.resolving import Call
from tests.schema.compiled.both import compiled, reference

FIELDS = "namespace key value ttl version size createdAt updatedAt __typename again: value"
CHANGES: list[Mapping[str, Any]] = [
    {},
    {"value": {"S": 'é "quoted"\n\x01'}},
    {"value": {"M": {"blob": {"B": "AP8="}, "set": {"NS": ["2", "1.5"]}, "n": {"N": "1" * 38}}}},
    {"value": {"NULL": True}},
    {"value": None, "ttl": None, "version": None},
    {"ttl": {"N": "999999999999999"}},
    {"GSI1PK": None, "GSI1SK": None, "writeId": {"S": "ü"}, "colour": {"S": "red"}},
]


@dataclass(frozen=True)
class Page:
    """A table whose one page of keys is this; it reads answers for those who can, or for none."""

    items: list[Mapping[str, Any]]
    straight: bool

    async def call(
        self, action: str, parameters: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Mapping[str, Any]:
        body = orjson.dumps({"Items": self.items}) if action == "Query" else answers()[action.encode()](parameters)
        read = reads(body) if reads and self.straight else None
        if action == "Query":
            assert (read is not None) is self.straight
        shown: Mapping[str, Any] = with_bytes(orjson.loads(body)) if read is None else read
        return shown

    async def close(self) -> None:
        """Nothing is open."""


def _call(table: Page) -> Call:
    store = Store(table, IdentityCache(0, clock=lambda: 0.0), PasswordHasher(memory_kib=8, passes=1), names={})
    return Call(
        identity=Identity(USER_ID, frozenset({"read"})),
        headers={},
        store=GatheringStore(store),
        seal=CursorSeal([bytes(32)]),
        random_bytes=bytes,
        clock=lambda: datetime(2026, 6, 1, tzinfo=UTC),
    )


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return executable(build_schema())


@pytest.mark.parametrize("fields", [FIELDS, "key", "size", "value", "size value", "ttl version"])
async def test_a_page_of_stored_keys_is_shown_as_the_long_way_shows_it(schema: GraphQLSchema, fields: str) -> None:
    items = [_changed(key_item(number), change) for number, change in enumerate(CHANGES)]
    document = parse(f'{{ keys(namespace: "bench", consistent: true) {{ items {{ {fields} }} }} }}')
    planned = await compiled(schema, document, {}, _call(Page(items, straight=True)))
    assert planned == await reference(schema, document, {}, _call(Page(items, straight=True)))
    assert planned == await reference(schema, document, {}, _call(Page(items, straight=False)))
    assert planned is not None
    assert len(orjson.loads(planned)["data"]["keys"]["items"]) == len(CHANGES)


def _changed(item: Mapping[str, Any], change: Mapping[str, Any]) -> Mapping[str, Any]:
    """An attribute that is changed to None is absent."""
    return {name: value for name, value in {**item, **change}.items() if value is not None}
