"""The configuration: read by all who are signed in, changed in part by administrators, and what it brings about."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from datastore.client import BotoClient
from resolvers.registry import FIELDS
from tests.api import Answer, Api, eventually, running_api
from tests.schema.failing_calls import fail_from
from tests.schema.isolation.subjects import ROWS, nobodys
from tests.schema.isolation.tenant import Tenant, ask

AllItems = Callable[[], list[Mapping[str, Any]]]

CONFIG = "{ config { signUpOpen defaultPlan readOnly } }"
UPDATE = "mutation ($in: ConfigInput!) { updateConfig(input: $in) { signUpOpen defaultPlan readOnly updatedAt } }"
SIGN_UP = """mutation ($in: SignUpInput!) { signUp(input: $in) { user { userId plan } } }"""
BUILT_IN = {"signUpOpen": True, "defaultPlan": "FREE", "readOnly": False}


async def update(api: Api, **changes: Any) -> Answer:
    return await api(UPDATE, **{"in": changes})


async def config(api: Api) -> Any:
    return (await api(CONFIG)).data["config"]


async def sign_up(api: Api) -> Answer:
    new = {"email": f"{uuid4().hex}@example.com", "password": "correct horse"}
    return await api.as_caller(None)(SIGN_UP, **{"in": new})


def events(items: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [item for item in items if item["entityType"]["S"] == "AUDIT" and item["action"]["S"] == "config.changed"]


async def test_a_stranger_neither_reads_nor_changes_it(api: Api) -> None:
    stranger = api.as_caller(None)
    assert (await stranger(CONFIG)).status == 401
    assert (await update(stranger, readOnly=True)).status == 401


async def test_whoever_is_no_administrator_reads_it_and_does_not_change_it(alice: Api) -> None:
    assert await config(alice) == BUILT_IN
    assert (await update(alice, readOnly=True)).error["errorType"] == "Unauthorized"


async def test_what_is_not_given_stays_as_it_was(api: Api) -> None:
    assert (await update(api, defaultPlan="PRO")).data["updateConfig"]["defaultPlan"] == "PRO"
    assert (await update(api, signUpOpen=False, readOnly=None)).data
    assert await config(api) == {"signUpOpen": False, "defaultPlan": "PRO", "readOnly": False}


async def test_nothing_at_all_is_refused(api: Api) -> None:
    error = (await update(api, readOnly=None)).error
    assert (error["errorType"], "signUpOpen, defaultPlan and readOnly" in error["message"]) == ("BadRequest", True)


async def test_every_change_is_audited_and_what_changes_nothing_is_not(api: Api, all_items: AllItems) -> None:
    await update(api, defaultPlan="PRO", signUpOpen=True)
    (event,) = events(all_items())
    assert event["PK"]["S"] == "USER#admin"
    assert event["detail"]["M"] == {"defaultPlan": {"S": "pro"}}
    before = (await update(api, defaultPlan="PRO")).data["updateConfig"]["updatedAt"]
    assert len(events(all_items())) == 1
    assert (await api("{ config { updatedAt } }")).data["config"]["updatedAt"] == before


async def test_a_change_whose_answer_was_lost_is_done_once(api: Api, all_items: AllItems) -> None:
    api.client.repeats = lambda sent: sent.action == "TransactWriteItems"
    assert (await update(api, defaultPlan="SCALE")).data["updateConfig"]["defaultPlan"] == "SCALE"
    assert len(events(all_items())) == 1


@pytest.mark.parametrize("lost", [False, True])
async def test_whatever_call_fails_the_change_and_its_event_go_together(
    api: Api, all_items: AllItems, lost: bool
) -> None:
    """T5."""
    done, number = False, 0
    while not done:
        number += 1
        fail_from(api, number, lost=lost)
        done = "errors" not in (await update(api, defaultPlan="PRO")).body
        fail_from(api, 1000, lost=lost)
        changed = (await config(api))["defaultPlan"] == "PRO"
        assert len(events(all_items())) == int(changed)
    assert number > 1
    assert changed


async def test_changes_that_meet_are_all_made(api: Api, all_items: AllItems) -> None:
    changes = ({"signUpOpen": False}, {"defaultPlan": "PRO"}, {"defaultPlan": "SCALE"}, {"signUpOpen": True})
    answers = await asyncio.gather(*(update(api, **change) for change in changes))
    assert all(answer.data for answer in answers)
    found = await config(api)
    assert found["defaultPlan"] in ("PRO", "SCALE")


class TestSignUpClosed:
    async def test_refuses_everybody_clearly_and_hashes_nothing(self, api: Api, all_items: AllItems) -> None:
        await update(api, signUpOpen=False)
        before = len(all_items())
        error = (await sign_up(api)).error
        assert (error["errorType"], error["extensions"]["code"]) == ("SignUpClosed", "SIGN_UP_CLOSED")
        assert len(all_items()) == before

    async def test_ends_when_it_is_opened_again(self, api: Api) -> None:
        await update(api, signUpOpen=False)
        await update(api, signUpOpen=True)
        assert (await sign_up(api)).data


async def test_a_new_user_has_the_default_plan(api: Api) -> None:
    await update(api, defaultPlan="PRO")
    user = (await sign_up(api)).data["signUp"]["user"]
    assert user["plan"] == "PRO"
    found = (await api("{ users(plan: PRO) { items { userId } } }")).data["users"]["items"]
    assert user["userId"] in [item["userId"] for item in found]


class TestReadOnly:
    async def test_lets_queries_through_and_ends_when_it_is_turned_off(self, api: Api, alice: Api) -> None:
        namespace = await alice.namespace()
        await alice.put(namespace, "a", 1)
        await update(api, readOnly=True)
        assert (await alice.get(namespace, "a"))["value"] == "1"
        error = (await alice.put(namespace, "a", 2)).error
        assert (error["errorType"], error["extensions"]) == ("ReadOnly", {"code": "READ_ONLY", "retryable": True})
        assert (await alice.get(namespace, "a"))["version"] == 1
        assert (await update(api, readOnly=False)).data["updateConfig"]["readOnly"] is False
        assert (await alice.put(namespace, "a", 2)).data

    async def test_leaves_a_stranger_a_stranger(self, api: Api, alice: Api) -> None:
        await update(api, readOnly=True)
        assert (await alice.as_caller(None).put("any", "a", 2)).status == 401


async def test_another_process_sees_it_when_what_it_remembers_has_aged(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path
) -> None:
    async with (
        running_api(client, table_names, tmp_path, identity_cache_seconds=0.3) as one,
        running_api(client, table_names, tmp_path, identity_cache_seconds=0.3) as other,
    ):
        alice = await other.sign_up()
        namespace = await alice.namespace()
        await update(one, readOnly=True)

        async def refused() -> bool:
            return "errors" in (await alice.put(namespace, "a", 1)).body

        await eventually(refused, seconds=5)
        assert (await alice.put(namespace, "a", 1)).error["errorType"] == "ReadOnly"


@pytest.mark.parametrize("path", [path for path in FIELDS if path.startswith("Mutation.")])
async def test_every_mutation_but_one_is_refused_while_the_service_is_read_only(
    api: Api, all_items: AllItems, path: str
) -> None:
    """The rows of the isolation table are documents for every mutation there is."""
    await update(api, readOnly=True)
    before = all_items()
    for document in ROWS[path].documents:
        answer = await ask(Tenant(api, "ns-none", {}), document, nobodys())
        types = {error["errorType"] for error in answer.body.get("errors", ())}
        assert types == (set() if path == "Mutation.updateConfig" else {"ReadOnly"}), answer.body
    assert path == "Mutation.updateConfig" or all_items() == before
