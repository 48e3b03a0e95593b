"""Every mutation that changes a credential, a role, a plan, a status, a share or the configuration leaves an event.

Each mutation of the registry has its place in one of the two tables: a new one without it fails the first test.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from resolvers.audit import AuditAction
from resolvers.registry import FIELDS
from tests.api import Api
from tests.schema.isolation.subjects import nobodys
from tests.schema.isolation.tenant import Tenant, ask, sign_up

AllItems = Callable[[], list[Mapping[str, Any]]]


@dataclass(frozen=True)
class Change:
    """A document that changes something, and the action under which that is kept; `first` makes it possible.

    `by_admin`: it is the administrator who asks, of the tenant's objects. `by_session`: the tenant, signed in.
    `new`: names that nobody has yet are used. `also`: what is kept beside it. `accounts`: in how many it is kept.
    """

    action: AuditAction
    document: str
    first: str = ""
    by_admin: bool = False
    by_session: bool = False
    new: bool = False
    also: frozenset[AuditAction] = frozenset()
    accounts: int = 1

    @property
    def actions(self) -> set[AuditAction]:
        return {self.action, *self.also}


CHANGES: Mapping[str, Change] = {
    "Mutation.signUp": Change(
        AuditAction.ACCOUNT_CREATED,
        'mutation { signUp(input: {email: $email, password: "canary-password"}) { apiKey } }',
        new=True,
    ),
    "Mutation.createApiKey": Change(
        AuditAction.API_KEY_CREATED, 'mutation { createApiKey(input: {name: "n", scopes: ["read"]}) { secret } }'
    ),
    "Mutation.revokeApiKey": Change(AuditAction.API_KEY_REVOKED, "mutation { revokeApiKey(apiKeyId: $apiKeyId) }"),
    "Mutation.login": Change(
        AuditAction.SESSION_STARTED,
        'mutation { login(input: {email: $email, password: "correct horse"}) { token } }',
    ),
    "Mutation.logout": Change(AuditAction.SESSION_ENDED, "mutation { logout }", by_session=True),
    "Mutation.revokeSession": Change(AuditAction.SESSION_REVOKED, "mutation { revokeSession(sessionId: $sessionId) }"),
    "Mutation.updateMe": Change(
        AuditAction.EMAIL_CHANGED,
        'mutation { updateMe(email: "ada@example.org", password: "canary-password", currentPassword: "correct horse")'
        " { email } }",
        also=frozenset({AuditAction.PASSWORD_CHANGED}),
    ),
    "Mutation.setUserStatus": Change(
        AuditAction.STATUS_CHANGED,
        "mutation { setUserStatus(userId: $user, status: SUSPENDED) { status } }",
        by_admin=True,
    ),
    "Mutation.putRole": Change(
        AuditAction.ROLE_CHANGED,
        'mutation { putRole(input: {id: $newRole, permissions: ["users:read"]}) { id } }',
        by_admin=True,
    ),
    "Mutation.setUserRole": Change(
        AuditAction.USER_ROLE_CHANGED, "mutation { setUserRole(userId: $user, role: $role) { role } }", by_admin=True
    ),
    "Mutation.shareNamespace": Change(
        AuditAction.NAMESPACE_SHARED,
        "mutation { shareNamespace(id: $ns, email: $guest, role: EDITOR) { role } }",
        accounts=2,
    ),
    "Mutation.unshareNamespace": Change(
        AuditAction.NAMESPACE_UNSHARED, "mutation { unshareNamespace(id: $ns, userId: $guestId) }", accounts=2
    ),
    "Mutation.setUserPlan": Change(
        AuditAction.PLAN_CHANGED, "mutation { setUserPlan(userId: $user, plan: SCALE) { plan } }", by_admin=True
    ),
    "Mutation.putTier": Change(
        AuditAction.TIER_CHANGED,
        "mutation { putTier(input: {tier: SCALE, maxNamespaces: 9, maxStorageBytes: 9000, maxValueBytes: 900, "
        "requestsPerMonth: 900000, requestsPerSecond: 900}) { tier } }",
        by_admin=True,
    ),
    "Mutation.updateConfig": Change(
        AuditAction.CONFIG_CHANGED, "mutation { updateConfig(input: {defaultPlan: PRO}) { readOnly } }", by_admin=True
    ),
}

# What is kept of something else than a change; tests/schema/test_login.py has it.
NO_CHANGES = {AuditAction.LOGIN_LIMITED}

# What takes an OpenID Connect issuer; tests/schema/test_subject_accounts.py has it.
ELSEWHERE = {"Mutation.completeOidcLogin": {AuditAction.SIGN_ON_LINKED}}

NAMESPACES, KEYS = "namespaces are their owner's to make and to end", "what is in a namespace is not looked at"
KEEPS_NONE: Mapping[str, str] = {
    "Mutation.startOidcLogin": "changes nothing yet",
    "Mutation.deleteMe": "the events of an account go with it",
    "Mutation.markMessageRead": "changes nothing that anybody may do",
    **dict.fromkeys((f"Mutation.{name}Namespace" for name in ("create", "update", "delete")), NAMESPACES),
    **dict.fromkeys((f"Mutation.{name}Key" for name in ("put", "delete", "increment", "touch")), KEYS),
    **dict.fromkeys((f"Mutation.{name}Keys" for name in ("batchPut", "batchDelete", "transact")), KEYS),
}


def events(items: list[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """By sort key."""
    return {item["SK"]["S"]: item for item in items if item["entityType"]["S"] == "AUDIT"}


def test_every_mutation_has_its_place() -> None:
    mutations = {path for path in FIELDS if path.startswith("Mutation.")}
    assert CHANGES.keys() | KEEPS_NONE.keys() | ELSEWHERE.keys() == mutations
    assert not CHANGES.keys() & KEEPS_NONE.keys()


def test_every_action_is_that_of_some_mutation() -> None:
    elsewhere = NO_CHANGES.union(*ELSEWHERE.values())
    assert set(AuditAction) == elsewhere.union(*(change.actions for change in CHANGES.values()))


@pytest.mark.parametrize("path", CHANGES)
async def test_a_change_leaves_an_event_without_a_secret(api: Api, all_items: AllItems, path: str) -> None:
    change = CHANGES[path]
    owner = await sign_up(api, "alice@example.com")
    caller = Tenant(api, owner.mine, owner.objects) if change.by_admin else owner
    if change.by_session:
        session = await api.login("alice@example.com")
        caller = Tenant(session, owner.mine, owner.objects)
    objects = {**owner.objects, **(nobodys() if change.new else {})}
    if change.first:
        assert (await ask(caller, change.first, objects)).data
    before = events(all_items())
    answer = await ask(caller, change.document, objects)
    assert answer.data
    left = [item for key, item in events(all_items()).items() if key not in before]
    assert sorted(event["action"]["S"] for event in left) == sorted([*change.actions] * change.accounts)
    assert {event["actorId"]["S"] for event in left} == {caller.api.user_id}
    for secret in secrets_in(answer.data):
        assert secret not in json.dumps(left)


def secrets_in(data: Any) -> list[str]:
    """What an answer shows this once, and what the documents send."""
    shown = [value for each in data.values() if isinstance(each, dict) for value in each.values()]
    return ["canary-password", *(value for value in shown if isinstance(value, str) and len(value) > 40)]
