"""The same of the schema that is served, with its resolvers, over a table whose answers are right, wrong or missing."""

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

import orjson
import pytest
from graphql import GraphQLError as _GraphQLError
from graphql import GraphQLSchema, ListValueNode, parse, print_ast, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes

from bench.canned_answers import answers
from bench.fixture import USER_ID
from datastore import uuids
from datastore.cursors import CursorSeal
from datastore.errors import Unavailable
from datastore.gathering import GatheringStore
from datastore.identity_cache import IdentityCache
from datastore.passwords import PasswordHasher
from datastore.reads import Reads
from datastore.store import Store
from resolvers.context import Identity
from schema.build import build_schema, executable
from schema.resolving import Call
from tests.schema.compiled.both import LEAVES_COROUTINES, compiled, reference, settled
from tests.schema.compiled.documents import Generator, Request
from tests.schema.compiled.test_differential import RULES, SEED

pytestmark = LEAVES_COROUTINES
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SCALARS = {
    "AWSDateTime": st.just(nodes.String("2026-01-01T00:00:00.000Z")),
    "AWSTimestamp": st.integers(0, 2_000_000_000).map(nodes.Int),
    "AWSEmail": st.sampled_from(["a@example.com", "b@example.com"]).map(nodes.String),
    "AWSJSON": st.sampled_from([nodes.String("[1]"), nodes.Int(1), ListValueNode(values=())]),
}


@dataclass(frozen=True)
class MoodyTable:
    """The bench's answers, some damaged and some refused, as the seed and the call decide."""

    answer: Mapping[bytes, Callable[[Mapping[str, Any]], bytes]]
    seed: str

    async def call(
        self, action: str, parameters: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Mapping[str, Any]:
        random = Random(f"{self.seed}/{action}/{parameters}")
        for _ in range(random.randrange(3)):
            await asyncio.sleep(0)
        answer = self.answer[action.encode()](parameters)
        match random.randrange(12):
            case 0:
                raise Unavailable("The table is moody.")
            case 1:
                raise RuntimeError("nobody expected this")
            case 2:
                answer = answer.replace(b'"version":{"N":"7"}', b'"version":{"S":"7"}')
        shown: Mapping[str, Any] = orjson.loads(answer)
        return shown

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return executable(build_schema())


@pytest.fixture(autouse=True)
def no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids, page tokens and salts are the same whenever they are made."""
    monkeypatch.setattr(os, "urandom", lambda size: b"\x07" * size)
    monkeypatch.setattr(uuids, "_kept", [])  # what others have left


@pytest.mark.slow
@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("shard", range(3))
async def test_random_requests_are_answered_alike(schema: GraphQLSchema, shard: int) -> None:
    planned = 0
    for number in range(500):
        seed = f"{SEED}/real/{shard}/{number}"
        planned += await _compare(schema, _valid_request(schema, seed), seed)
    print(f"SEED={SEED}: {planned} planned")
    assert planned > 250


def _valid_request(schema: GraphQLSchema, seed: str) -> Request:
    random = Random(seed)
    while True:
        request = Generator(schema, random).request()
        if not validate(schema, parse(request.document), RULES, max_errors=1):
            return request


@pytest.mark.slow
@pytest.mark.usefixtures("untraced")
def test_documents_of_hypothesis_graphql_are_answered_alike(schema: GraphQLSchema) -> None:
    print(f"SEED={SEED}")

    @seeded(int(SEED))
    @settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(from_schema(schema, custom_scalars=SCALARS))
    def answered_alike(document: Any) -> None:
        text = document if isinstance(document, str) else print_ast(document)
        with asyncio.Runner() as runner:
            runner.run(_compare(schema, Request(text, {}, None), text))

    answered_alike()


async def _compare(schema: GraphQLSchema, request: Request, seed: str) -> bool:
    document = parse(request.document)
    expected, found = _call(seed), _call(seed)
    answer = await reference(schema, document, request.variables, expected, request.operation_name)
    await settled()
    planned = await compiled(schema, document, request.variables, found, request.operation_name)
    await settled()
    if planned is None:
        assert not found.store_calls
        return False
    told = f"SEED={SEED} {seed}\n{request.document}\n{request.variables}"
    assert planned == answer, told
    assert found.store_calls == expected.store_calls, told
    assert list(map(_told, found.appended)) == list(map(_told, expected.appended)), told
    return True


def _told(error: _GraphQLError) -> Any:
    return error.formatted


def _call(seed: str) -> Call:
    table = MoodyTable(answers(), seed)
    store = Store(table, IdentityCache(0, clock=lambda: 0.0), PasswordHasher(memory_kib=8, passes=1), names={})
    return Call(
        identity=Identity(USER_ID, frozenset({"read", "write"})),
        headers={},
        store=GatheringStore(store),
        seal=CursorSeal([bytes(32)]),
        random_bytes=bytes,
        clock=lambda: NOW,
    )
