"""What a VIEWER, an EDITOR and an OWNER may do, over every field of the registry that is about a namespace."""

import re
from typing import Any

import pytest

from datastore.grants import NamespaceRole
from resolvers.registry import FIELDS
from tests.api import Answer, Api
from tests.schema.isolation.subjects import ROWS
from tests.schema.isolation.tenant import Tenant, ask, sign_up

SHARE = """mutation ($id: ID!, $to: AWSEmail!, $role: NamespaceRole!) {
    shareNamespace(id: $id, email: $to, role: $role) { role } }"""
NEEDED = {
    path: NamespaceRole(FIELDS[path].rule.who.name)
    for path in ROWS
    if path in FIELDS and FIELDS[path].rule.who.name in tuple(NamespaceRole)
}


@pytest.fixture
async def owner(api: Api) -> Tenant:
    return await sign_up(api, "alice@example.com")


async def member(owner: Tenant, role: NamespaceRole) -> Tenant:
    """Somebody with this role in the owner's namespace, who asks for the owner's objects."""
    caller = await owner.api.sign_up()
    email = (await caller("{ me { email } }")).data["me"]["email"]
    assert (await owner.api(SHARE, id=owner.mine, to=email, role=role)).data["shareNamespace"] == {"role": role}
    return Tenant(caller, owner.mine, owner.objects)


def refusals(answer: Answer) -> set[str]:
    return {error["errorType"] for error in answer.body.get("errors", [])} & {"Unauthorized", "NotFound"}


def without_cursor(document: str) -> str:
    return re.sub(r", (nextToken|after): \$cursor", "", document)


@pytest.mark.parametrize("role", NamespaceRole)
@pytest.mark.parametrize("path", NEEDED)
async def test_a_member_may_do_what_the_role_covers_and_nothing_more(
    owner: Tenant, path: str, role: NamespaceRole
) -> None:
    caller = await member(owner, role)
    for document in ROWS[path].documents:
        answer = await ask(caller, without_cursor(document), caller.objects)
        assert refusals(answer) == (set() if role.covers(NEEDED[path]) else {"Unauthorized"}), answer.body


def test_every_role_is_needed_somewhere() -> None:
    assert set(NEEDED.values()) == set(NamespaceRole)
    assert len(NEEDED) > 15


@pytest.mark.parametrize("role", NamespaceRole)
async def test_members_see_each_other_and_their_own_role(owner: Tenant, role: NamespaceRole) -> None:
    caller = await member(owner, role)
    query = "query ($id: ID!) { namespace(id: $id) { role ownerId members { items { userId email role } } } }"
    seen: Any = (await caller.api(query, id=owner.mine)).data["namespace"]
    assert (seen["role"], seen["ownerId"]) == (role, owner.api.user_id)
    listed = {item["userId"]: item["role"] for item in seen["members"]["items"]}
    assert (listed[owner.api.user_id], listed[caller.api.user_id]) == ("OWNER", role)


async def test_a_member_uses_nothing_of_the_owners_other_namespaces(owner: Tenant) -> None:
    other = await owner.api.namespace()
    caller = await member(owner, NamespaceRole.OWNER)
    assert (await caller.api.page(other)).error["errorType"] == "NotFound"
    names = (await caller.api("{ namespaces { items { id } } }")).data["namespaces"]["items"]
    assert names == [{"id": owner.mine}]
