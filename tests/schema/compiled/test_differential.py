"""No request can tell a plan's answer from graphql-core's: not its bytes, its errors, nor what its resolvers saw."""

import os
from collections import Counter
from random import Random

import pytest
from graphql import (
    GraphQLSchema,
    OverlappingFieldsCanBeMergedRule,
    VariablesInAllowedPositionRule,
    parse,
    validate,
)

from tests.schema.compiled.both import LEAVES_COROUTINES, compiled, reference, settled
from tests.schema.compiled.documents import Generator, Request
from tests.schema.compiled.scripted import Trace
from tests.schema.compiled.scripted_schema import scripted_schema

pytestmark = LEAVES_COROUTINES
# So that a run can be repeated: SEED=… of the one that failed, which its message names.
SEED = os.environ.get("SEED") or str(Random().randrange(10**9))
SHARDS = 16
REQUESTS = 500
# What the generator does not see to by itself; all rules together would take longer than all the rest.
RULES = (OverlappingFieldsCanBeMergedRule, VariablesInAllowedPositionRule)
LIKELIHOODS = (0.0, 0.0, 0.02, 0.1, 0.4)


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return scripted_schema()


@pytest.mark.slow
@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("shard", range(SHARDS))
async def test_random_requests_are_answered_alike(schema: GraphQLSchema, shard: int) -> None:
    tally = Counter[str]()
    for number in range(REQUESTS):
        seed = f"{SEED}/{shard}/{number}"
        tally[await _compare(schema, _valid_request(schema, seed), seed)] += 1
    print(f"SEED={SEED}: {dict(tally)}")
    assert tally["planned"] > REQUESTS / 3


def _valid_request(schema: GraphQLSchema, seed: str) -> Request:
    random = Random(seed)
    while True:
        request = Generator(schema, random).request()
        if not validate(schema, parse(request.document), RULES, max_errors=1):
            return request


async def _compare(schema: GraphQLSchema, request: Request, seed: str) -> str:
    document = parse(request.document)
    likelihood = Random(seed).choice(LIKELIHOODS)
    expected, found = Trace(seed, likelihood), Trace(seed, likelihood)
    answer = await reference(schema, document, request.variables, expected, request.operation_name)
    await settled()
    planned = await compiled(schema, document, request.variables, found, request.operation_name)
    await settled()
    if planned is None:
        assert not found.log
        return "left to graphql-core"
    told = f"SEED={SEED} {seed}\n{request.document}\n{request.variables}"
    assert planned == answer, told
    assert found.log == expected.log, told
    return "planned"
