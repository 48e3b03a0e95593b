"""Plans and tiers when the table stops at any call: a change is there with all that tells of it, or is not (T5)."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.api import Api
from tests.schema.failing_calls import fail_from
from tests.schema.test_quotas import PUT_TIER, SET_PLAN, TIER

AllItems = Callable[[], list[Mapping[str, Any]]]


async def change_until_done(api: Api, lost: bool, check: Callable[[], None], document: str, **variables: Any) -> int:
    """Cut off from its first call, from its second, … until it gets through; at how many of them it was cut off."""
    stops = 0
    while True:
        fail_from(api, stops + 1, lost=lost)
        answer = await api(document, **variables)
        fail_from(api, 1000, lost=lost)
        check()
        if "errors" not in answer.body:
            return stops
        stops += 1


@pytest.mark.parametrize("lost", [False, True])
async def test_whatever_call_fails_a_plan_its_tier_its_events_and_its_message_go_together(
    api: Api, alice: Api, all_items: AllItems, lost: bool
) -> None:
    def check() -> None:
        items = [item for item in all_items() if item["PK"]["S"] == f"USER#{alice.user_id}"]
        (stored,) = [item for item in items if item["entityType"]["S"] == "USER"]
        (assigned,) = [item for item in items if item["entityType"]["S"] == "ASSIGNMENT"]
        plan = stored.get("plan", {"S": "free"})["S"]
        assert (assigned["tier"]["S"], assigned["GSI1PK"]["S"]) == (plan, f"TIER#{plan}")
        told = Counter(item["entityType"]["S"] for item in items if tells_of_the_plan(item))
        assert told == (dict.fromkeys(("AUDIT", "QUOTA_EVENT", "MESSAGE"), 1) if plan == "scale" else {})

    assert await change_until_done(api, lost, check, SET_PLAN, user=alice.user_id, plan="SCALE") > 0
    assert (await alice("{ me { plan quota { tier { tier } } } }")).data["me"] == {
        "plan": "SCALE",
        "quota": {"tier": {"tier": "SCALE"}},
    }


def tells_of_the_plan(item: Mapping[str, Any]) -> bool:
    said = {item[name]["S"] for name in ("action", "kind") if name in item}
    return bool(said & {"plan.changed", "PLAN_CHANGED"})


@pytest.mark.parametrize("lost", [False, True])
async def test_whatever_call_fails_a_tier_is_put_with_its_event_or_not_at_all(
    api: Api, all_items: AllItems, lost: bool
) -> None:
    def check() -> None:
        items = all_items()
        tiers = [item for item in items if item["entityType"]["S"] == "TIER"]
        events = [item for item in items if item.get("action") == {"S": "tier.changed"}]
        assert len(tiers) == min(len(events), 1)  # put again after an answer that was lost, it has two events

    assert await change_until_done(api, lost, check, PUT_TIER, tier=TIER) > 0
    stored = (await api("{ tiers { tier maxNamespaces maxValueBytes } }")).data["tiers"][0]
    assert stored == {name: TIER[name] for name in ("tier", "maxNamespaces", "maxValueBytes")}
