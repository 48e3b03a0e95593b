"""A cold request for one item: who gets what was read with the grant, and how many round trips it takes."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.client import BotoClient
from datastore.errors import StoreFault, Unavailable
from datastore.operations import DeleteItem
from tests.api import Answer, Api, running_api
from tests.clock import Clock
from tests.recording_client import Sent

READ = "query ($ns: ID!, $key: String!, $now: Boolean) { key(namespace: $ns, key: $key, consistent: $now) { value } }"
READ_TWO = 'query ($ns: ID!) { a: key(namespace: $ns, key: "a") { value } b: key(namespace: $ns, key: "b") { value } }'
WRITE = 'mutation ($ns: ID!) { touchKey(namespace: $ns, key: "a", expiresIn: 60) { value } }'
NAMESPACE = "query ($ns: ID!) { namespace(id: $ns) { id } }"
CREDENTIALS = [("APIKEY", "METADATA"), ("USER", "METADATA")]
GRANT, KEY = ("USER", "NS"), ("NS", "KEY")
ELEVEN_MINUTES = 11 * 60


@dataclass(frozen=True)
class Cold:
    """Alice's namespace with the keys a and b, seen from a process that has nothing in its caches."""

    alice: Api
    bob: Api
    namespace: str
    warm: Api  # alice, in the process in which she made it

    async def read(self, caller: Api, key: str = "a", **variables: Any) -> Answer:
        return await caller(READ, **{"ns": self.namespace, "key": key, **variables})

    def calls(self) -> list[list[tuple[str, ...]]]:
        """What has been read, call by call, with the first words of the keys."""
        return [_keys_of(sent) for sent in self.alice.client.asked() if sent.action != "UpdateItem"]

    def forget(self) -> None:
        self.alice.client.sent.clear()


def _keys_of(sent: Sent) -> list[tuple[str, ...]]:
    asked = sent.parameters.get("RequestItems", {}).values()
    keys = [sent.parameters["Key"]] if sent.action == "GetItem" else [key for each in asked for key in each["Keys"]]
    return [tuple(key[name]["S"].split("#")[0] for name in ("PK", "SK")) for key in keys]


@pytest.fixture(params=["compiled", "reference"])
async def cold(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path, clock: Clock, request: pytest.FixtureRequest
) -> AsyncIterator[Cold]:
    async with seen_cold(client, table_names, tmp_path, clock, execution=request.param) as seen:
        yield seen


@pytest.fixture
async def always_cold(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path, clock: Clock
) -> AsyncIterator[Cold]:
    async with seen_cold(client, table_names, tmp_path, clock, identity_cache_seconds=0) as seen:
        yield seen


@asynccontextmanager
async def seen_cold(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path, clock: Clock, **settings: Any
) -> AsyncIterator[Cold]:
    here = running_api(client, table_names, tmp_path, clock=clock)
    there = running_api(client, table_names, tmp_path, clock=clock, **settings)
    async with here as warm, there as other:
        alice, bob = await warm.sign_up(), await warm.sign_up()
        namespace = await alice.namespace()
        await alice.put(namespace, "a", 1)
        await alice.put(namespace, "b", 2)
        clock.advance(ELEVEN_MINUTES)
        seen = Cold(other.as_caller(alice.key, alice.user_id), other.as_caller(bob.key), namespace, alice)
        seen.forget()
        yield seen


async def test_for_a_caller_without_credentials_nothing_is_read(cold: Cold) -> None:
    assert (await cold.read(cold.alice.as_caller(None))).status == 401
    assert cold.calls() == []


async def test_anothers_key_is_answered_like_one_of_no_namespace_and_read_no_second_time(cold: Cold) -> None:
    answers = [await cold.read(cold.bob, ns=name) for name in (cold.namespace, "ns-none")]
    told = [
        str(answer.body).replace(name, "") for answer, name in zip(answers, (cold.namespace, "ns-none"), strict=True)
    ]
    assert told[0] == told[1]
    assert answers[0].error["errorType"] == "NotFound"
    cold.forget()
    for key in ("a", "b", "none"):
        assert (await cold.read(cold.bob, key)).body == answers[0].body
    assert cold.calls() == [[GRANT]] * 3


async def test_of_anothers_keys_one_document_reads_one(cold: Cold) -> None:
    answer = await cold.bob(READ_TWO, ns=cold.namespace)
    assert [error["errorType"] for error in answer.body["errors"]] == ["NotFound"] * 2
    assert [keys for call in cold.calls() for keys in call].count(KEY) == 1


@pytest.mark.parametrize("key", ["", "k" * 1001])
async def test_a_key_that_is_none_is_told_to_the_owner_alone(cold: Cold, key: str) -> None:
    refused = (await cold.read(cold.alice, key)).error["errorType"]
    assert refused in ("LimitExceeded", "BadRequest")
    assert (await cold.read(cold.bob, key)).error["errorType"] == "NotFound"
    assert KEY not in [keys for call in cold.calls() for keys in call]


async def test_a_namespace_that_is_none_is_refused_before_anything_is_read(cold: Cold) -> None:
    assert (await cold.read(cold.alice, ns="x#NS#y")).error["errorType"] == "BadRequest"
    assert cold.calls() == [[each] for each in CREDENTIALS]


@pytest.mark.parametrize(
    "failure", [Unavailable("half of it", partly=True), StoreFault("AccessDeniedException", "no batches")]
)
async def test_a_batch_that_fails_makes_no_difference_but_in_calls(cold: Cold, failure: Exception) -> None:
    def refuse(sent: Sent) -> None:
        if sent.action == "BatchGetItem" and GRANT in _keys_of(sent):
            raise failure

    cold.alice.client.before = refuse
    assert (await cold.read(cold.alice)).data == {"key": {"value": "1"}}
    assert (await cold.read(cold.bob)).error["errorType"] == "NotFound"


async def test_a_table_that_does_not_answer_is_told_as_ever(cold: Cold) -> None:
    def refuse(sent: Sent) -> None:
        if GRANT in _keys_of(sent):
            raise Unavailable("gone")

    cold.alice.client.before = refuse
    for _ in range(2):
        assert (await cold.read(cold.alice)).error["errorType"] == "ServiceUnavailable"


@pytest.mark.parametrize("consistent", [None, False, True])
async def test_a_cold_key_takes_three_round_trips(cold: Cold, consistent: bool | None) -> None:
    """The API key, its user, and then grant and key together. It took four."""
    assert (await cold.read(cold.alice, now=consistent)).data == {"key": {"value": "1"}}
    assert cold.calls() == [*([each] for each in CREDENTIALS), [GRANT, KEY]]
    cold.forget()
    assert (await cold.read(cold.alice, now=consistent)).data == {"key": {"value": "1"}}
    assert cold.calls() == [[KEY]], "the grant is remembered"


async def test_so_does_one_that_is_not_there(cold: Cold) -> None:
    assert (await cold.read(cold.alice, "none")).data == {"key": None}
    assert cold.calls() == [*([each] for each in CREDENTIALS), [GRANT, KEY]]


async def test_so_does_a_cold_namespace(cold: Cold) -> None:
    assert (await cold.alice(NAMESPACE, ns=cold.namespace)).data == {"namespace": {"id": cold.namespace}}
    assert cold.calls() == [*([each] for each in CREDENTIALS), [GRANT, ("NS", "METADATA")]]
    assert (await cold.bob(NAMESPACE, ns=cold.namespace)).data == {"namespace": None}


async def test_the_keys_of_one_document_are_one_call_under_a_claim_that_has_held(always_cold: Cold) -> None:
    cold = always_cold
    await cold.alice(NAMESPACE, ns=cold.namespace)
    cold.forget()
    assert (await cold.alice(READ_TWO, ns=cold.namespace)).data == {"a": {"value": "1"}, "b": {"value": "2"}}
    assert cold.calls() == [*([each] for each in CREDENTIALS), [GRANT, KEY, KEY]]


async def test_a_grant_that_was_taken_away_opens_nothing_from_then_on(always_cold: Cold) -> None:
    cold = always_cold
    assert (await cold.read(cold.alice)).data
    grant = AccessPattern.GET_GRANT.key(user_id=cold.alice.user_id or "", namespace=cold.namespace)
    await cold.warm.store.execute(DeleteItem(grant))
    cold.forget()
    assert [(await cold.read(cold.alice)).error["errorType"] for _ in range(2)] == ["NotFound"] * 2
    assert cold.calls()[2::3] == [[GRANT, KEY], [GRANT]]


async def test_under_a_grant_of_this_moment_the_key_is_read_again(cold: Cold) -> None:
    """It may have been read before the grant was there."""
    namespace = await cold.warm.namespace()
    await cold.warm.put(namespace, "a", 3)
    assert (await cold.read(cold.alice, ns=namespace)).data == {"key": {"value": "3"}}
    assert cold.calls() == [*([each] for each in CREDENTIALS), [GRANT, KEY], [KEY]]


async def test_a_mutation_reads_nothing_ahead(cold: Cold) -> None:
    assert (await cold.alice(WRITE, ns=cold.namespace)).data == {"touchKey": {"value": "1"}}
    assert cold.calls()[:3] == [*([each] for each in CREDENTIALS), [GRANT]]
    assert [GRANT, KEY] not in cold.calls()


async def test_what_the_scopes_close_is_not_read(cold: Cold) -> None:
    made = await cold.warm('mutation { createApiKey(input: { name: "n", scopes: ["read:other"] }) { secret } }')
    narrow = cold.alice.as_caller(made.data["createApiKey"]["secret"])
    assert (await cold.read(narrow)).error["errorType"] == "Unauthorized"
    assert cold.calls() == [[each] for each in CREDENTIALS]


async def test_a_key_of_a_namespace_that_goes_is_not_handed_on(cold: Cold, clock: Clock) -> None:
    delete = "mutation ($ns: ID!) { deleteNamespace(id: $ns) { id } }"
    assert "errors" not in (await cold.warm(delete, ns=cold.namespace)).body
    assert (await cold.read(cold.alice)).error["errorType"] in ("NamespaceDeleting", "NotFound")
