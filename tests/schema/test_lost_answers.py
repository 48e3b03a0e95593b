"""Writes whose first answer is lost and which the SDK then sends again: done once, and told as a success."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from datastore.errors import Unavailable
from tests.api import Answer, Api
from tests.recording_client import Sent


def repeat_writes(api: Api) -> None:
    api.client.repeats = lambda sent: sent.action in {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}


async def test_a_put_is_one_version(alice: Api) -> None:
    namespace = await alice.namespace()
    repeat_writes(alice)
    for version in (1, 2, 3):
        put = (await alice.put(namespace, "a", version)).data["putKey"]
        assert (put["version"], put["value"]) == (version, str(version))
        assert await alice.get(namespace, "a") == put


@pytest.mark.parametrize("wanted", [0, 1])
async def test_a_put_under_ifversion_is_a_success(alice: Api, wanted: int) -> None:
    namespace = await alice.namespace()
    if wanted:
        await alice.put(namespace, "a", "0")
    repeat_writes(alice)
    put = (await alice.put(namespace, "a", 1, ifVersion=wanted)).data["putKey"]
    assert put["version"] == wanted + 1
    assert await alice.get(namespace, "a") == put


async def test_a_touch_is_one_version(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "a", 1)
    repeat_writes(alice)
    touched = (await alice.touch(namespace, "a", 60)).data["touchKey"]
    assert touched["version"] == 2
    assert await alice.get(namespace, "a") == touched


async def test_a_delete_under_ifversion_is_a_success(alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "a", 1)
    repeat_writes(alice)
    assert "errors" not in (await alice.delete(namespace, "a", ifVersion=1)).body
    assert await alice.get(namespace, "a") is None


async def test_a_transaction_is_done_once(alice: Api) -> None:
    namespace = await alice.namespace()
    repeat_writes(alice)
    writes = [{"put": {"namespace": namespace, "key": key, "value": 1, "ifVersion": 0}} for key in "ab"]
    assert [key["version"] for key in (await alice.transact(writes)).data["transactKeys"]] == [1, 1]


async def test_a_namespace_is_made_once(alice: Api) -> None:
    repeat_writes(alice)
    name = f"ns-{uuid4().hex[:12]}"
    await alice.create_namespace(name)
    await alice.put(name, "a", 1)
    update = 'mutation ($id: ID!) { updateNamespace(input: {id: $id, description: "d"}) { description } }'
    assert (await alice(update, id=name)).data["updateNamespace"] == {"description": "d"}


async def test_a_deletion_of_a_namespace_is_answered(alice: Api) -> None:
    namespace = await alice.namespace()
    repeat_writes(alice)
    answer = (await alice.delete_namespace(namespace)).data["deleteNamespace"]
    assert answer == {"id": namespace, "status": "DELETING"}


async def test_a_sign_up_is_made_once_and_its_key_opens(api: Api) -> None:
    repeat_writes(api)
    user = await api.sign_up()
    assert (await user("{ me { userId } }")).data == {"me": {"userId": user.user_id}}


async def test_an_api_key_is_made_once_and_revoked_once(alice: Api) -> None:
    repeat_writes(alice)
    create = 'mutation { createApiKey(input: {name: "second"}) { secret apiKey { apiKeyId } } }'
    made = (await alice(create)).data["createApiKey"]
    assert "errors" not in (await alice.as_caller(made["secret"])("{ me { userId } }")).body
    revoke = "mutation ($id: ID!) { revokeApiKey(apiKeyId: $id) }"
    assert (await alice(revoke, id=made["apiKey"]["apiKeyId"])).data == {"revokeApiKey": True}


async def test_two_that_revoke_one_key_at_once_are_both_answered(alice: Api) -> None:
    create = 'mutation { createApiKey(input: {name: "second"}) { apiKey { apiKeyId } } }'
    key_id = (await alice(create)).data["createApiKey"]["apiKey"]["apiKeyId"]
    revoke = "mutation ($id: ID!) { revokeApiKey(apiKeyId: $id) }"
    answers: list[Answer] = await asyncio.gather(*(alice(revoke, id=key_id) for _ in range(4)))
    assert sorted(answer.data["revokeApiKey"] for answer in answers) == [False, False, False, True]


async def test_a_table_that_never_answers_is_unavailable_and_may_be_asked_again(alice: Api) -> None:
    namespace = await alice.namespace()

    def fail(sent: Sent) -> Any:
        raise Unavailable("The table is not answering at the moment; try again.")

    alice.client.before = fail
    error = (await alice.put(namespace, "a", 1)).error
    assert (error["errorType"], error["extensions"]) == (
        "ServiceUnavailable",
        {"code": "UNAVAILABLE", "retryable": True},
    )
