"""Namespaces: made once, shown to whom they belong, deleted in the background, and then free again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from datastore.client import BotoClient
from datastore.errors import Unavailable
from tests.api import Api, eventually, running_api
from tests.clock import Clock
from tests.recording_client import Sent

AllItems = Callable[[], list[Mapping[str, Any]]]
SEE = "query ($id: ID!) { namespace(id: $id) { id ownerId description status role createdAt updatedAt } }"
SETTLE_SECONDS = 1 + 5  # identity_cache_seconds + operation_timeout_seconds, as `short_memory` has them


async def see(api: Api, name: str) -> Any:
    return (await api(SEE, id=name)).data["namespace"]


async def test_a_namespace_that_was_made_is_there(timed: Api, clock: Clock) -> None:
    name = f"ns-{uuid4().hex[:12]}"
    create = 'mutation ($id: ID!) { createNamespace(input: {id: $id, description: "of mine"}) { id status role } }'
    assert (await timed(create, id=name)).data["createNamespace"] == {"id": name, "status": "ACTIVE", "role": "OWNER"}
    made = await see(timed, name)
    assert (made["ownerId"], made["description"]) == (timed.user_id, "of mine")
    assert made["createdAt"] == made["updatedAt"]
    email = (await timed("{ me { email } }")).data["me"]["email"]
    members = "query ($id: ID!) { namespace(id: $id) { members { items { userId role email } nextToken } } }"
    assert (await timed(members, id=name)).data["namespace"]["members"] == {
        "items": [{"userId": timed.user_id, "role": "OWNER", "email": email}],
        "nextToken": None,
    }


async def test_a_description_can_be_changed_and_cleared(timed: Api, clock: Clock) -> None:
    name = await timed.namespace()
    update = "mutation ($in: UpdateNamespaceInput!) { updateNamespace(input: $in) { description createdAt updatedAt } }"
    clock.advance(1)
    changed = (await timed(update, **{"in": {"id": name, "description": "new"}})).data["updateNamespace"]
    assert changed["description"] == "new"
    assert changed["updatedAt"] > changed["createdAt"]
    assert (await timed(update, **{"in": {"id": name}})).data["updateNamespace"]["description"] is None
    assert (await see(timed, name))["description"] is None


async def test_a_taken_name_is_refused_whoever_has_taken_it(alice: Api, bob: Api) -> None:
    name = await alice.namespace()
    query = "mutation ($id: ID!) { createNamespace(input: {id: $id}) { id } }"
    for user in (alice, bob):
        error = (await user(query, id=name)).error
        assert (error["errorType"], error["extensions"]["code"]) == ("AlreadyExists", "ALREADY_EXISTS")
    assert await see(bob, name) is None


async def test_of_20_that_take_one_name_exactly_one_succeeds_and_nothing_is_left_of_the_others(
    alice: Api, bob: Api, all_items: AllItems
) -> None:
    query = 'mutation { createNamespace(input: {id: "wanted"}) { ownerId } }'
    answers = await asyncio.gather(*((alice, bob)[n % 2](query) for n in range(20)))
    (won,) = [answer.data["createNamespace"] for answer in answers if "errors" not in answer.body]
    assert {answer.error["errorType"] for answer in answers if "errors" in answer.body} == {"AlreadyExists"}
    owner = won["ownerId"]
    keys = {(item["PK"]["S"], item["SK"]["S"]) for item in all_items() if "wanted" in item["PK"]["S"] + item["SK"]["S"]}
    assert keys == {("NS#wanted", "METADATA"), ("NS#wanted", f"MEMBER#{owner}"), (f"USER#{owner}", "NS#wanted")}


async def test_a_new_namespace_can_be_used_at_once(alice: Api) -> None:
    """Nobody remembers that it was not there a moment ago."""
    name = f"ns-{uuid4().hex[:12]}"
    assert (await alice.put(name, "a", 1)).error["errorType"] == "NotFound"
    await alice.create_namespace(name)
    assert (await alice.put(name, "a", 1)).data["putKey"]["version"] == 1


class TestDeletion:
    @pytest.fixture
    async def short_memory(
        self, client: BotoClient, table_names: Mapping[str, str], tmp_path: Path, clock: Clock
    ) -> AsyncIterator[Api]:
        """A user of an application that remembers grants for a second, and lives by a clock that stands still."""
        async with running_api(client, table_names, tmp_path, clock=clock, identity_cache_seconds=1) as running:
            yield await running.sign_up()

    async def test_answers_at_once_with_deleting_and_again_when_asked_again(self, alice: Api) -> None:
        name = await alice.namespace()
        for _ in range(2):
            answer = (await alice.delete_namespace(name)).data["deleteNamespace"]
            assert answer == {"id": name, "status": "DELETING"}
        assert (await see(alice, name))["status"] == "DELETING"

    async def test_asked_for_by_many_at_once_answers_all_of_them(self, alice: Api) -> None:
        name = await alice.namespace()
        answers = await asyncio.gather(*(alice.delete_namespace(name) for _ in range(6)))
        assert [answer.data["deleteNamespace"] for answer in answers] == [{"id": name, "status": "DELETING"}] * 6

    async def test_of_what_is_not_there_answers_null(self, alice: Api) -> None:
        assert (await alice.delete_namespace("not-there")).data == {"deleteNamespace": None}

    async def test_refuses_every_use_of_its_keys_at_once(self, timed: Api) -> None:
        """Although the grant was remembered a moment ago."""
        name = await timed.namespace()
        await timed.put(name, "a", 1)
        await timed.delete_namespace(name)
        put = {"namespace": name, "key": "a", "value": 1}
        update = "mutation ($id: ID!) { updateNamespace(input: {id: $id}) { id } }"
        answers = [
            await timed.put(name, "a", 2),
            await timed.delete(name, "a"),
            await timed.increment(name, "a", 1),
            await timed.touch(name, "a"),
            await timed.batch_put([put]),
            await timed.batch_delete(name, ["a"]),
            await timed.transact([{"put": put}]),
            await timed.page(name),
            await timed('query ($id: ID!) { key(namespace: $id, key: "a") { key } }', id=name),
            await timed('query ($id: ID!) { keysByName(namespace: $id, keys: ["a"]) { key } }', id=name),
            await timed('query ($id: ID!) { namespace(id: $id) { key(key: "a") { key } } }', id=name),
            await timed("query ($id: ID!) { namespace(id: $id) { keys { nextToken } } }", id=name),
            await timed(update, id=name),
        ]
        for answer in answers:
            assert (answer.error["errorType"], name in answer.error["message"]) == ("NamespaceDeleting", True)

    async def test_holds_the_name_until_nobody_can_still_write_and_then_frees_it_empty(
        self, short_memory: Api, clock: Clock, all_items: AllItems
    ) -> None:
        name = await short_memory.namespace()
        await short_memory.batch_put([{"namespace": name, "key": str(n), "value": n} for n in range(150)])
        await short_memory.delete_namespace(name)
        create = "mutation ($id: ID!) { createNamespace(input: {id: $id}) { status } }"

        async def is_empty() -> bool:
            return not [item for item in of_namespace(name, all_items()) if item["SK"]["S"] != "METADATA"]

        await eventually(is_empty)
        clock.advance(SETTLE_SECONDS - 1)
        assert (await short_memory(create, id=name)).error["errorType"] == "AlreadyExists"
        assert (await see(short_memory, name))["status"] == "DELETING"
        clock.advance(1)
        await eventually(lambda: is_gone(short_memory, name))
        assert [item for item in all_items() if name in item["PK"]["S"] + item["SK"]["S"]] == []
        assert (await short_memory(create, id=name)).data["createNamespace"] == {"status": "ACTIVE"}
        assert await short_memory.names(name, consistent=True) == []
        assert (await short_memory.put(name, "1", 1)).data["putKey"]["version"] == 1

    async def test_removes_what_another_process_has_still_written(
        self, short_memory: Api, clock: Clock, put_raw: Callable[[Mapping[str, Any]], None], all_items: AllItems
    ) -> None:
        name = await short_memory.namespace()
        await short_memory.delete_namespace(name)
        late = {"PK": {"S": f"NS#{name}"}, "SK": {"S": "KEY#late"}, "entityType": {"S": "KEY"}}
        put_raw(late)
        clock.advance(SETTLE_SECONDS)
        await eventually(lambda: is_gone(short_memory, name))
        assert of_namespace(name, all_items()) == []

    async def test_goes_on_in_another_process_after_the_first_was_killed(
        self, client: BotoClient, table_names: Mapping[str, str], tmp_path: Path, clock: Clock, all_items: AllItems
    ) -> None:
        async with running_api(client, table_names, tmp_path, clock=clock, identity_cache_seconds=1) as first:
            alice = await first.sign_up()
            name = await alice.namespace()
            await alice.batch_put([{"namespace": name, "key": f"{n:03}", "value": n} for n in range(300)])
            killed = kill_once_keys_have_gone(first)
            await alice.delete_namespace(name)
            await asyncio.wait_for(killed.wait(), 15)
        assert 0 < len(of_namespace(name, all_items())) < 300
        async with running_api(client, table_names, tmp_path, clock=clock, identity_cache_seconds=1) as second:
            clock.advance(SETTLE_SECONDS + 10)  # past the lease of the one that was killed, too
            await eventually(lambda: is_gone(second.as_caller(alice.key), name))
        assert of_namespace(name, all_items()) == []

    async def test_leaves_other_namespaces_alone(self, short_memory: Api, clock: Clock) -> None:
        name = f"ns-{uuid4().hex[:8]}"
        kept = [name + "-x", name[:-1]]
        for each in (name, *kept):
            await short_memory.create_namespace(each)
            await short_memory.put(each, "a", 1)
        await short_memory.delete_namespace(name)
        clock.advance(SETTLE_SECONDS)
        await eventually(lambda: is_gone(short_memory, name))
        for each in kept:
            assert await short_memory.names(each, consistent=True) == ["a"]


def of_namespace(name: str, items: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [item for item in items if item["PK"]["S"] == f"NS#{name}"]


async def is_gone(api: Api, name: str) -> bool:
    return await see(api, name) is None


def kill_once_keys_have_gone(api: Api) -> asyncio.Event:
    """As a kill would: from the job's first deletion of keys on, no call of this process reaches the table."""
    reached = asyncio.Event()

    def stop(sent: Sent, answer: Any) -> Any:
        if sent.action in ("BatchWriteItem", "TransactWriteItems") and "KEY#" in str(sent.parameters):
            reached.set()
        return answer

    def refuse(sent: Sent) -> None:
        if reached.is_set():  # the flush, which comes last, takes no kill but a fault of the table
            raise Unavailable("killed") if "QUOTA#" in str(sent.parameters) else asyncio.CancelledError

    api.client.after, api.client.before = stop, refuse
    return reached
