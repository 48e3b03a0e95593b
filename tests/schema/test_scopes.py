"""Keys whose scopes are for some namespaces only: what they open, over every field that there is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from resolvers.registry import FIELDS
from tests.api import Api
from tests.schema.isolation.subjects import ROWS
from tests.schema.isolation.tenant import Tenant, ask, sign_up
from tests.schema.test_tenant_isolation import cursor_in, owned

AllItems = Callable[[], list[Mapping[str, Any]]]
CREATE = "mutation ($in: CreateApiKeyInput!) { createApiKey(input: $in) { secret apiKey { scopes } } }"
LISTED = "{ namespaces { items { id } nextToken } }"
OPEN_TO_ALL_KEYS = {"Query.namespaces"}


@pytest.fixture
async def owner(api: Api) -> Tenant:
    return await sign_up(api, "alice@example.com")


async def key_for(api: Api, *scopes: str) -> Api:
    made = (await api(CREATE, **{"in": {"name": "narrow", "scopes": scopes}})).data["createApiKey"]
    assert made["apiKey"]["scopes"] == list(scopes)
    return api.as_caller(made["secret"], api.user_id)


def in_part(path: str) -> bool:
    """Whether the field is about namespaces that its arguments, or its parent, name, and asks for no more."""
    rule = FIELDS[path].rule
    return rule.who.name in ("VIEWER", "EDITOR", "OWNER") and not rule.needs_admin_scope


@pytest.mark.parametrize("path", [path for path, row in ROWS.items() if not row.is_open])
async def test_a_key_for_another_namespace_opens_no_field(owner: Tenant, all_items: AllItems, path: str) -> None:
    elsewhere = await owner.api.namespace()
    caller = replace(owner, api=await key_for(owner.api, f"read:{elsewhere}", f"write:{elsewhere}"))
    before = owned(owner, all_items())
    for document in ROWS[path].documents:
        answer = await ask(caller, document.replace(", nextToken: $cursor", ""), owner.objects)
        if path in OPEN_TO_ALL_KEYS:
            assert answer.data
        else:
            assert {error["errorType"] for error in answer.body["errors"]} == {"Unauthorized"}
    assert owned(owner, all_items()) == before


@pytest.mark.parametrize("path", [path for path in ROWS if in_part(path)])
async def test_a_key_for_the_namespace_opens_the_fields_that_are_about_it(owner: Tenant, path: str) -> None:
    caller = replace(owner, api=await key_for(owner.api, f"read:{owner.mine}", f"write:{owner.mine}"))
    for document in ROWS[path].documents:
        cursor = cursor_in((await ask(owner, document, owner.objects)).data) if "$cursor" in document else None
        answer = await ask(caller, document, {**owner.objects, "cursor": cursor})
        assert not any(error["errorType"] == "Unauthorized" for error in answer.body.get("errors", []))


async def test_reading_everywhere_and_writing_in_one_go_together(alice: Api) -> None:
    mine, other = await alice.namespace(), await alice.namespace()
    caller = await key_for(alice, "read", f"write:{mine}")
    assert (await caller.put(mine, "a", 1)).data
    assert (await caller.put(other, "a", 1)).error["errorType"] == "Unauthorized"
    assert await caller.names(other) == []
    put, check = {"namespace": mine, "key": "b", "value": 1}, {"namespace": other, "key": "b", "ifVersion": 0}
    assert (await caller.transact([{"put": put}, {"check": check}])).error["errorType"] == "Unauthorized"
    assert await caller.names(mine, consistent=True) == ["a"]


async def test_a_list_of_namespaces_leaves_out_what_the_key_does_not_open(alice: Api) -> None:
    names = sorted([await alice.namespace() for _ in range(5)])
    caller = await key_for(alice, f"read:{names[1]}", f"read:{names[3]}", f"write:{names[0]}", "read:not-there")
    assert (await caller(LISTED)).data["namespaces"] == {
        "items": [{"id": names[1]}, {"id": names[3]}],
        "nextToken": None,
    }
    page = "query ($token: String) { namespaces(limit: 1, nextToken: $token) { items { id } nextToken } }"
    first = (await caller(page)).data["namespaces"]
    second = (await caller(page, token=first["nextToken"])).data["namespaces"]
    assert [each["items"][0]["id"] for each in (first, second)] == [names[1], names[3]]
    assert second["nextToken"] is None
    assert len((await alice(LISTED)).data["namespaces"]["items"]) == 5


async def test_a_namespace_that_is_closed_is_answered_like_one_that_is_not_there(alice: Api) -> None:
    mine, other = await alice.namespace(), await alice.namespace()
    caller = await key_for(alice, f"read:{mine}")
    answers = [await caller.page(name) for name in (other, "not-there")]
    assert answers[0].body == answers[1].body
    assert answers[0].error["errorType"] == "Unauthorized"


async def test_a_scope_gives_nothing_in_somebody_elses_namespace(alice: Api, bob: Api) -> None:
    name = await alice.namespace()
    caller = await key_for(bob, f"read:{name}", f"write:{name}")
    assert (await caller.page(name)).error["errorType"] == "NotFound"
    assert (await caller.put(name, "a", 1)).error["errorType"] == "NotFound"
    assert (await caller(LISTED)).data["namespaces"]["items"] == []


async def test_a_key_for_one_namespace_makes_no_keys(alice: Api) -> None:
    mine = await alice.namespace()
    caller = await key_for(alice, "admin", f"write:{mine}", f"read:{mine}")
    assert (await caller(CREATE, **{"in": {"name": "n", "scopes": [f"read:{mine}"]}})).error[
        "errorType"
    ] == "Unauthorized"
