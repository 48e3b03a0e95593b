"""Audit events: by time, for the user himself and for whoever may read them."""

import os
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.audit_event import AuditEventEntity
from datastore.entities.role import RoleEntity
from datastore.expressions import Update
from datastore.operations import BatchWriteItem, PutItem, UpdateItem
from datastore.ulids import make_ulid
from tests.api import Answer, Api

SEED = int(os.environ.get("KV_TEST_SEED", random.SystemRandom().randrange(2**32)))
EVENTS = """query ($id: ID!, $from: AWSDateTime, $to: AWSDateTime, $limit: Int, $nextToken: String) {
    user(userId: $id) { auditEvents(from: $from, to: $to, limit: $limit, nextToken: $nextToken) {
        items { at action actorId target detail } nextToken pageInfo { hasNextPage } } } }"""
BEGINNING = datetime(2025, 12, 31, tzinfo=UTC)


def written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def fill(user: Api, moments: Sequence[datetime]) -> None:
    """An event of each moment; of one moment several are possible."""
    events = [
        AuditEventEntity.new(
            make_ulid(moment, number.to_bytes(10)),
            written(moment),
            user_id=user.user_id or "",
            action="test.happened",
            target=str(number),
            detail={"number": number},
        )
        for number, moment in enumerate(moments)
    ]
    await user.store.execute(BatchWriteItem(puts=tuple(event.to_item() for event in events)))


async def ask(caller: Api, user: Api, **arguments: Any) -> Answer:
    return await caller(EVENTS, id=user.user_id, **arguments)


async def targets(user: Api, *, limit: int = 100, **arguments: Any) -> list[int]:
    found: list[int] = []
    token = None
    while True:
        page = (await ask(user, user, limit=limit, nextToken=token, **arguments)).data["user"]["auditEvents"]
        found += [int(item["target"]) for item in page["items"] if item["action"] == "test.happened"]
        token = page["nextToken"]
        assert page["pageInfo"]["hasNextPage"] is (token is not None)
        if token is None:
            return found


async def test_a_stranger_is_refused(alice: Api) -> None:
    assert (await ask(alice.as_caller(None), alice)).status == 401


async def test_another_user_is_refused(alice: Api, bob: Api) -> None:
    assert (await ask(bob, alice)).error["errorType"] == "Unauthorized"


async def test_an_administrator_and_whoever_may_read_them_sees_them(api: Api, alice: Api, bob: Api) -> None:
    await fill(alice, [BEGINNING])
    for role, permissions in (("clerk", ["users:read"]), ("auditor", ["users:read", "audit:read"])):
        made = RoleEntity.new(role, "2026-01-01T00:00:00.000Z", permissions=permissions)
        await api.store.execute(PutItem(made.to_item()))
    assert (await ask(api, alice)).data["user"]["auditEvents"]["items"]
    await hold(bob, "clerk")
    assert (await ask(bob, alice)).error["errorType"] == "Unauthorized"
    await hold(bob, "auditor")
    assert (await ask(bob, alice)).data["user"]["auditEvents"]["items"]


async def hold(user: Api, role: str) -> None:
    await user.store.execute(UpdateItem(AccessPattern.GET_USER.key(user_id=user.user_id or ""), Update({"role": role})))


async def test_an_event_says_who_did_what_to_what_and_when(alice: Api) -> None:
    await alice('mutation { createApiKey(input: { name: "another", scopes: ["read"] }) { secret } }')
    event = (await ask(alice, alice)).data["user"]["auditEvents"]["items"][-1]
    assert (event["action"], event["actorId"]) == ("apiKey.created", alice.user_id)
    assert event["target"]
    assert '"another"' in event["detail"]


async def test_a_period_has_both_its_ends_and_pages_of_any_size_make_up_the_whole(alice: Api) -> None:
    print(f"KV_TEST_SEED={SEED}")
    chance = random.Random(SEED)
    moments = sorted(BEGINNING + timedelta(milliseconds=chance.randrange(50) * 100) for _ in range(40))
    await fill(alice, moments)
    for _ in range(6):
        low, high = sorted(chance.choices(moments, k=2))
        wanted = [number for number, moment in enumerate(moments) if low <= moment <= high]
        ends = {"from": written(low), "to": written(high)}
        assert await targets(alice, **ends) == wanted
        assert await targets(alice, limit=chance.randrange(1, 100), **ends) == wanted
    assert await targets(alice, **{"to": written(moments[9])}) == [
        n for n, at in enumerate(moments) if at <= moments[9]
    ]
    assert await targets(alice, limit=1) == list(range(40))


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        ({"from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "from must not come after to"),
        ({"to": "-0044-03-15T12:00:00Z"}, "to must lie in the years 1 to 9999"),
    ],
)
async def test_what_is_no_period_is_refused_by_name(alice: Api, ends: dict[str, str], message: str) -> None:
    error = (await ask(alice, alice, **ends)).error
    assert (error["errorType"], message in error["message"]) == ("BadRequest", True)


async def test_a_token_is_good_for_its_period_alone(alice: Api) -> None:
    await fill(alice, [BEGINNING, BEGINNING])
    token = (await ask(alice, alice, limit=1)).data["user"]["auditEvents"]["nextToken"]
    answer = await ask(alice, alice, limit=1, nextToken=token, **{"to": "2026-01-01T00:00:00Z"})
    assert answer.error["errorType"] == "InvalidCursor"
