"""Quotas over GraphQL, on the real engine: plans, what is used, and what is refused beyond the limits."""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from datastore.attribute_values import untag_item
from datastore.errors import OutcomeUnknown, Unavailable
from datastore.item_size import item_size
from datastore.metering.corrections import Corrections
from datastore.policies import BUILT_IN
from tests.api import Answer, Api
from tests.clock import Clock
from tests.recording_client import Sent

AllItems = Callable[[], list[Mapping[str, Any]]]

QUOTA = """{ me { quota {
    namespaces storageBytes requestCount periodEndsAt tier { tier maxNamespaces maxKeysPerNamespace } } } }"""
SET_PLAN = "mutation ($user: ID!, $plan: Plan!) { setUserPlan(userId: $user, plan: $plan) { plan } }"
PUT_TIER = """mutation ($tier: TierInput!) { putTier(input: $tier) {
    tier maxNamespaces maxKeysPerNamespace maxStorageBytes maxValueBytes requestsPerMonth requestsPerSecond } }"""
TIER = {
    "tier": "FREE",
    "maxNamespaces": 3,
    "maxKeysPerNamespace": 3,
    "maxStorageBytes": 10**9,
    "maxValueBytes": 400_000,
    "requestsPerMonth": 1000,
    "requestsPerSecond": 900,
}


async def put_tier(admin: Api, **changes: Any) -> None:
    tier = TIER | changes
    assert (await admin(PUT_TIER, tier=tier)).data["putTier"] == tier


async def quota(caller: Api) -> dict[str, Any]:
    found: dict[str, Any] = (await caller(QUOTA)).data["me"]["quota"]
    return found


def kind(answer: Answer) -> tuple[str, str]:
    return answer.error["errorType"], answer.error["extensions"]["code"]


def text(letter: str, length: int) -> str:
    """A string of that length, as JSON."""
    return f'"{letter * length}"'


LIMIT = ("LimitExceeded", "LIMIT_EXCEEDED")


@pytest.mark.parametrize(
    ("document", "variables"), [(SET_PLAN, {"user": "admin", "plan": "PRO"}), (PUT_TIER, {"tier": TIER})]
)
async def test_only_administrators_change_plans_and_tiers(api: Api, alice: Api, document: str, variables: Any) -> None:
    assert (await api.as_caller(None)(document, **variables)).status == 401
    own = variables | ({"user": alice.user_id} if "user" in variables else {})
    assert kind(await alice(document, **own))[0] == "Unauthorized"


async def test_nobody_sees_another_s_quota_but_administrators(api: Api, alice: Api, bob: Api) -> None:
    document = "query ($user: ID!) { user(userId: $user) { quota { namespaces } } }"
    assert (await bob(document, user=alice.user_id)).error["errorType"] == "Unauthorized"
    assert (await api(document, user=alice.user_id)).data["user"]["quota"]["namespaces"] == 0


async def test_the_tiers_are_those_built_in_until_one_is_put(api: Api, alice: Api) -> None:
    document = "{ tiers { tier maxNamespaces } }"
    built_in = [{"tier": tier.name, "maxNamespaces": BUILT_IN.tiers[tier].max_namespaces} for tier in BUILT_IN.tiers]
    assert (await alice(document)).data["tiers"] == built_in
    await put_tier(api)
    assert (await alice(document)).data["tiers"][0] == {"tier": "FREE", "maxNamespaces": 3}


@pytest.mark.parametrize(
    "wrong",
    [
        {"maxNamespaces": -1},
        {"maxStorageBytes": 1.5},
        {"maxValueBytes": 409_601},
        {"requestsPerSecond": 0},
        {"requestsPerMonth": 1e300},
    ],
)
async def test_a_tier_out_of_range_is_refused(api: Api, wrong: Any) -> None:
    assert kind(await api(PUT_TIER, tier=TIER | wrong)) == LIMIT


async def test_another_plan_is_found_told_and_kept_together(api: Api, alice: Api, all_items: AllItems) -> None:
    assert (await api(SET_PLAN, user=alice.user_id, plan="PRO")).data["setUserPlan"] == {"plan": "PRO"}
    found = (await api("{ users(plan: PRO) { items { userId plan } } }")).data["users"]["items"]
    assert found == [{"userId": alice.user_id, "plan": "PRO"}]
    me = "{ me { plan quota { tier { tier } } messages { items { kind subject } } auditEvents { items { action } } } }"
    seen = (await alice(me)).data["me"]
    assert (seen["plan"], seen["quota"]["tier"]["tier"]) == ("PRO", "PRO")
    assert {"kind": "plan.changed", "subject": "Your plan is now pro"} in seen["messages"]["items"]
    assert {"action": "plan.changed"} in seen["auditEvents"]["items"]
    (event,) = [item for item in all_items() if item["entityType"]["S"] == "QUOTA_EVENT"]
    assert (event["plan"]["S"], event["planBefore"]["S"], "ttl" in event) == ("pro", "free", True)
    before = len(all_items())
    assert (await api(SET_PLAN, user=alice.user_id, plan="PRO")).data["setUserPlan"] == {"plan": "PRO"}
    assert len(all_items()) == before


async def test_a_plan_whose_answer_is_lost_is_changed_once(api: Api, alice: Api, all_items: AllItems) -> None:
    api.client.repeats = lambda sent: sent.action == "TransactWriteItems"
    assert (await api(SET_PLAN, user=alice.user_id, plan="SCALE")).data["setUserPlan"] == {"plan": "SCALE"}
    assert len([item for item in all_items() if item["entityType"]["S"] == "QUOTA_EVENT"]) == 1


async def test_a_user_who_is_not_there_has_no_plan(api: Api) -> None:
    assert (await api(SET_PLAN, user="nobody", plan="PRO")).error["errorType"] == "NotFound"


async def test_of_50_namespaces_at_once_exactly_those_within_the_limit_are_made(api: Api, alice: Api) -> None:
    await put_tier(api, maxNamespaces=3)
    for _ in range(2):
        await alice.namespace()
    query = "mutation ($id: ID!) { createNamespace(input: { id: $id }) { id } }"
    answers = await asyncio.gather(*(alice(query, id=f"race-{n}-{alice.user_id}") for n in range(50)))
    assert len([answer for answer in answers if "errors" not in answer.body]) == 1
    refused = {kind(answer) for answer in answers if "errors" in answer.body}
    assert refused == {LIMIT}
    assert "3 namespaces; you have 3" in next(a for a in answers if "errors" in a.body).error["message"]
    assert (await quota(alice))["namespaces"] == 3
    assert len((await alice("{ namespaces { items { id } } }")).data["namespaces"]["items"]) == 3


async def test_a_deleted_namespace_makes_room_once(api: Api, alice: Api) -> None:
    await put_tier(api, maxNamespaces=1)
    name = await alice.namespace()
    await asyncio.gather(*(alice.delete_namespace(name) for _ in range(5)))
    assert (await quota(alice))["namespaces"] == 0
    await alice.namespace()
    query = 'mutation { createNamespace(input: { id: "one-too-many" }) { id } }'
    assert kind(await alice(query)) == LIMIT


async def test_what_is_used_is_what_is_there(alice: Api, all_items: AllItems) -> None:
    """Every kind of write; the bytes are those of the items in the table, as DynamoDB counts them."""
    name = await alice.namespace()
    await alice.put(name, "a", {"x": [1, 2, 3]})
    await alice.put(name, "a", '"longer than before, by far"')
    await alice.put(name, "gone", 1)
    await alice.delete(name, "gone")
    await alice.delete(name, "gone")
    for by in (5, -5, 123456789):
        await alice.increment(name, "counter", by)
    await alice.increment(name, "once", 7, idempotencyKey="t")
    await alice.increment(name, "once", 7, idempotencyKey="t")
    await alice.touch(name, "a", 600)
    await alice.touch(name, "counter")
    await alice.batch_put([{"namespace": name, "key": f"b{n}", "value": n} for n in range(30)])
    await alice.batch_put([{"namespace": name, "key": f"b{n}", "value": text("x", n)} for n in range(10)])
    await alice.batch_delete(name, ["b1", "b2", "b2", "absent"])
    put = {"namespace": name, "key": "t", "value": [1]}
    await alice.transact([{"put": put}, {"delete": {"namespace": name, "key": "b3"}}], "twice")
    await alice.transact([{"put": put}, {"delete": {"namespace": name, "key": "b3"}}], "twice")
    await alice.flush()
    found = await quota(alice)
    keys = [item for item in all_items() if item["entityType"]["S"] == "KEY"]
    assert found["storageBytes"] == sum(item_size(untag_item(item)) for item in keys)
    (storage,) = [item for item in all_items() if item["entityType"]["S"] == "STORAGE"]
    assert int(storage["keys"]["N"]) == len(keys)
    assert found["requestCount"] == 18


async def test_a_namespace_holds_so_many_keys_and_no_more(api: Api, alice: Api) -> None:
    await put_tier(api, maxKeysPerNamespace=3)
    name = await alice.namespace()
    for n in range(2):
        await alice.put(name, f"k{n}", n)
    await alice.flush()
    await alice.put(name, "k2", 2)
    refused = await alice.put(name, "k3", 3)
    assert kind(refused) == LIMIT
    assert "3 keys" in refused.error["message"]
    assert "would have 4" in refused.error["message"]
    assert (await alice.put(name, "k2", '"changed"')).data["putKey"]["version"] == 2
    assert (await alice.increment(name, "k0", 1)).data["incrementKey"]["value"] == "1"
    for answer in (
        await alice.increment(name, "new", 1),
        await alice.batch_put(
            [{"namespace": name, "key": "k1", "value": 0}, {"namespace": name, "key": "n", "value": 0}]
        ),
        await alice.transact([{"put": {"namespace": name, "key": "n", "value": 0}}]),
    ):
        assert kind(answer) == LIMIT
    assert (
        "errors"
        not in (
            await alice.transact(
                [{"put": {"namespace": name, "key": "k3", "value": 0}}, {"delete": {"namespace": name, "key": "k1"}}]
            )
        ).body
    )
    await alice.delete(name, "k3")
    assert "errors" not in (await alice.put(name, "n", 0)).body
    other = await alice.namespace()
    assert "errors" not in (await alice.put(other, "k", 0)).body


async def test_bytes_beyond_the_tier_s_are_refused_and_deleting_makes_room(api: Api, alice: Api) -> None:
    await put_tier(api, maxStorageBytes=3000)
    name = await alice.namespace()
    await alice.put(name, "a", text("x", 1500))
    await alice.flush()
    refused = await alice.put(name, "b", text("x", 1500))
    assert kind(refused) == LIMIT
    assert "3000 bytes" in refused.error["message"]
    assert "errors" not in (await alice.put(name, "a", text("y", 1500))).body
    assert "errors" not in (await alice.put(name, "a", text("y", 500))).body
    assert "errors" not in (await alice.put(name, "b", text("x", 1000))).body
    await alice.delete(name, "a")
    assert "errors" not in (await alice.put(name, "c", text("x", 500))).body


async def test_a_value_beyond_the_tier_s_is_refused_with_its_size(api: Api, alice: Api) -> None:
    await put_tier(api, maxValueBytes=100)
    name = await alice.namespace()
    assert "errors" not in (await alice.put(name, "a", text("x", 100))).body
    refused = await alice.put(name, "a", text("x", 101))
    assert kind(refused) == LIMIT
    assert "100 bytes; this one has 101" in refused.error["message"]


async def test_a_month_s_requests_end_within_one_flush_and_begin_again(
    timed: Api, clock: Clock, tmp_path: Path
) -> None:
    admin = timed.as_caller((tmp_path / "admin-api-key").read_text().strip())
    await put_tier(admin, requestsPerMonth=5)
    for _ in range(4):
        assert (await timed("{ __typename }")).status == 200
    await timed.flush()
    statuses = [(await timed("{ __typename }")).status for _ in range(3)]
    assert statuses == [200, 429, 429]
    refused = await timed("{ __typename }")
    assert (refused.error["errorType"], refused.error["extensions"]["code"]) == ("TooManyRequests", "TOO_MANY_REQUESTS")
    assert "5 requests a month, and 5 have been made" in refused.body["message"]
    assert int(refused.headers["retry-after"]) > 0
    clock.advance(int(refused.headers["retry-after"]))
    assert (await timed("{ __typename }")).status == 200


async def test_a_metered_request_asks_the_table_for_nothing_more(alice: Api) -> None:
    """What is known from short memory needs no call, and the flush comes behind."""
    name = await alice.namespace()
    await alice.put(name, "a", 1)
    alice.client.sent.clear()
    await alice.put(name, "a", 2)
    await alice('query ($ns: ID!) { key(namespace: $ns, key: "a") { value } }', ns=name)
    assert [sent.action for sent in alice.client.sent] == ["UpdateItem", "GetItem"]


FAULTS = ("none", "repeated", "lost before", "lost after")


@pytest.mark.parametrize("seed", range(4))
async def test_after_faults_of_every_kind_the_counters_are_what_a_recount_finds(
    api: Api, alice: Api, all_items: AllItems, seed: int
) -> None:
    """Writes that are sent twice, that never go out and whose answers are lost; then what the server does by itself."""
    choose = random.Random(seed)
    names = [await alice.namespace() for _ in range(2)]
    for _ in range(60):
        break_one_write(api, choose.choice(FAULTS))
        name, key = choose.choice(names), f"k{choose.randrange(6)}"
        match choose.randrange(6):
            case 0 | 1:
                await alice.put(name, key, choose.randrange(10 ** choose.randrange(1, 12)))
            case 2:
                await alice.increment(name, key, choose.randrange(1000))
            case 3:
                await alice.delete(name, key)
            case 4:
                await alice.touch(name, key, choose.choice([None, 600]))
            case 5:
                await alice.transact([{"delete": {"namespace": name, "key": key}}], str(choose.random()))
        if choose.random() < 0.2:
            await alice.flush()
    break_one_write(api, "none")
    await alice.flush()
    await Corrections(api.store, lambda: datetime.now(UTC), settle_seconds=0).sweep()
    counted = {item["namespace"]["S"]: item for item in all_items() if item["entityType"]["S"] == "STORAGE"}
    for name in names:
        keys = [item for item in all_items() if item["PK"]["S"] == f"NS#{name}" and item["entityType"]["S"] == "KEY"]
        found = {"keys": {"N": "0"}, "storageBytes": {"N": "0"}} | dict(counted.get(name, {}))
        assert int(found["keys"]["N"]) == len(keys)
        assert int(found["storageBytes"]["N"]) == sum(item_size(untag_item(item)) for item in keys)


def break_one_write(api: Api, fault: str) -> None:
    """The next write to a key meets the fault; those after it none."""
    left = [fault]

    def strikes(sent: Sent, kind: str) -> bool:
        if sent.action.startswith(("Get", "BatchGet", "Query")) or "KEY#" not in str(sent.parameters) or left != [kind]:
            return False
        left.clear()
        return True

    def before(sent: Sent) -> None:
        if strikes(sent, "lost before"):
            raise Unavailable("lost")

    def after(sent: Sent, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        if strikes(sent, "lost after"):
            raise OutcomeUnknown("lost")
        return answer

    api.client.before, api.client.after = before, after
    api.client.repeats = lambda sent: strikes(sent, "repeated")


async def test_what_an_editor_writes_counts_to_the_owner_and_within_her_limits(api: Api, alice: Api, bob: Api) -> None:
    await put_tier(api, maxKeysPerNamespace=1)
    await api(SET_PLAN, user=bob.user_id, plan="SCALE")
    name = await alice.namespace()
    email = (await bob("{ me { email } }")).data["me"]["email"]
    share = "mutation ($id: ID!, $email: AWSEmail!) { shareNamespace(id: $id, email: $email, role: EDITOR) { userId } }"
    assert "errors" not in (await alice(share, id=name, email=email)).body
    await bob.put(name, "a", 1)
    await alice.flush()
    assert ((await quota(alice))["storageBytes"] > 0, (await quota(bob))["storageBytes"]) == (True, 0)
    refused = await bob.put(name, "b", 1)
    assert kind(refused) == LIMIT
    assert "tier free may have 1 keys" in refused.error["message"]
