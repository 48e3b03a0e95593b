"""The directory: users by each filter, every page of any size, for administrators alone."""

import os
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import UserEntity
from datastore.operations import BatchWriteItem
from datastore.tables import USER_QUOTAS
from tests.api import Answer, Api

SEED = int(os.environ.get("KV_TEST_SEED", random.SystemRandom().randrange(2**32)))
USERS = """query ($emailDomain: String, $status: UserStatus, $plan: Plan,
    $createdFrom: AWSDateTime, $createdTo: AWSDateTime,
    $limit: Int, $nextToken: String, $first: Int, $after: String) {
    users(emailDomain: $emailDomain, status: $status, plan: $plan, createdFrom: $createdFrom, createdTo: $createdTo,
          limit: $limit, nextToken: $nextToken, first: $first, after: $after) {
        items { userId createdAt } nextToken edges { cursor node { userId } }
        pageInfo { hasNextPage hasPreviousPage endCursor } } }"""
DOMAINS = ("example.com", "example.org", "xn--bcher-kva.example")
LONG = 4_102_444_800
MONTHS = ("2024-01", "2024-02", "2025-12", "2026-01", "2026-07")


def member(number: int, *, chance: random.Random) -> UserEntity:
    """Somebody who signed up earlier, as the table would hold him."""
    status = chance.choice(["ACTIVE", "ACTIVE", "SUSPENDED", "DELETING"])
    user_id = f"user-{number:03}"
    entry = AccessPattern.LIST_BY_STATUS.entry(status=status, user_id=user_id) if status != "ACTIVE" else {}
    signed_up = f"{chance.choice(MONTHS)}-{chance.randrange(1, 29):02}T{chance.randrange(24):02}:00:00.000Z"
    email = f"{chance.choice('aBcé')}{number}@{chance.choice(DOMAINS)}"
    leased = {"leaseUntil": LONG} if status == "DELETING" else {}  # by some other process: the job leaves him alone
    given = {"plan": chance.choice(["free", "pro"]), **({"status": status} if entry else {}), **leased}
    return UserEntity.new(user_id, signed_up, email=email, **given, **entry)


@dataclass(frozen=True)
class Directory:
    """An administrator, and the users whom he finds beside himself."""

    api: Api
    users: Sequence[UserEntity]

    async def ask(self, **arguments: Any) -> Answer:
        return await self.api(USERS, **arguments)

    async def pages(self, **arguments: Any) -> AsyncIterator[Any]:
        token = None
        while True:
            page = (await self.ask(nextToken=token, **arguments)).data["users"]
            yield page
            token = page["nextToken"]
            if token is None:
                return

    async def ids(self, **arguments: Any) -> list[str]:
        found = [item["userId"] async for page in self.pages(**arguments) for item in page["items"]]
        return [user_id for user_id in found if user_id != "admin"]


@pytest.fixture
async def directory(api: Api) -> Directory:
    print(f"KV_TEST_SEED={SEED}")
    chance = random.Random(SEED)
    users = [member(number, chance=chance) for number in range(70)]
    await api.store.execute(BatchWriteItem(puts=tuple(user.to_item() for user in users)))
    assignments = tuple(AssignmentEntity.of(user).to_item() for user in users)
    await api.store.execute(BatchWriteItem(puts=assignments, table=USER_QUOTAS))
    return Directory(api, users)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def newest_first(users: Sequence[UserEntity]) -> list[str]:
    return [user.user_id for user in sorted(users, key=lambda user: (user.created_at, user.user_id), reverse=True)]


async def test_a_stranger_is_refused(api: Api) -> None:
    assert (await api.as_caller(None)(USERS)).status == 401


@pytest.mark.parametrize("arguments", [{}, {"emailDomain": "example.com"}, {"status": "SUSPENDED"}, {"plan": "FREE"}])
async def test_whoever_is_no_administrator_is_refused(alice: Api, arguments: dict[str, str]) -> None:
    assert (await alice(USERS, **arguments)).error["errorType"] == "Unauthorized"


async def test_without_a_filter_all_users_come_newest_first(directory: Directory) -> None:
    assert await directory.ids() == newest_first(directory.users)


@pytest.mark.parametrize("domain", [*DOMAINS, "EXAMPLE.com", "nowhere.example"])
async def test_by_email_domain_they_come_by_address(directory: Directory, domain: str) -> None:
    found = [user for user in directory.users if (user.email or "").endswith(f"@{domain.lower()}")]
    by_address = sorted(found, key=lambda user: user.gsi2_sk or "")
    assert await directory.ids(emailDomain=domain) == [user.user_id for user in by_address]


@pytest.mark.parametrize("status", ["SUSPENDED", "DELETING"])
async def test_by_status_they_come_by_id(directory: Directory, status: str) -> None:
    found = [user.user_id for user in directory.users if user.status == status]
    assert await directory.ids(status=status) == sorted(found)


async def test_those_who_are_active_come_newest_first(directory: Directory) -> None:
    found = [user for user in directory.users if user.status == "ACTIVE"]
    assert await directory.ids(status="ACTIVE") == newest_first(found)


@pytest.mark.parametrize("plan", ["FREE", "PRO"])
async def test_by_plan_they_come_by_id(directory: Directory, plan: str) -> None:
    found = [user.user_id for user in directory.users if user.plan == plan.lower()]
    assert await directory.ids(plan=plan) == sorted(found)


async def test_a_new_user_is_found_by_his_plan(api: Api, alice: Api) -> None:
    found = (await api(USERS, plan="FREE")).data["users"]["items"]
    assert alice.user_id in [item["userId"] for item in found]


async def test_a_namespace_that_is_being_deleted_is_no_user(api: Api, alice: Api) -> None:
    """It stands beside users who are going, in one partition of OwnerStatusIndex."""
    await alice.delete_namespace(await alice.namespace())
    assert (await api(USERS, status="DELETING")).data["users"]["items"] == []


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2024-02-01T00:00:00Z", None),
        (None, "2026-01-31T23:59:59.999Z"),
        ("2024-02-10T00:00:00Z", "2026-01-15T12:00:00Z"),
        ("2026-01-05T00:00Z", "2026-01-25T00:00Z"),
        ("1970-01-01T00:00:00Z", "2023-12-31T23:59:59Z"),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        ("9999-01-01T00:00:00Z", None),
    ],
)
async def test_by_time_both_ends_are_included(directory: Directory, since: str | None, until: str | None) -> None:
    low, high = (moment(text) for text in (since or "0001-01-01T00:00Z", until or "9999-12-31T00:00Z"))
    found = [user for user in directory.users if low <= moment(user.created_at) <= high]
    assert await directory.ids(createdFrom=since, createdTo=until) == newest_first(found)


async def test_a_moment_may_be_written_in_any_offset(directory: Directory) -> None:
    first = max(directory.users, key=lambda user: (user.created_at, user.user_id))
    there = datetime.fromisoformat(first.created_at).astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat()
    assert (await directory.ids(createdFrom=there))[0] == first.user_id
    assert first.user_id in await directory.ids(createdTo=there)


@pytest.mark.parametrize(
    "arguments",
    [
        {"emailDomain": "example.com", "status": "ACTIVE"},
        {"emailDomain": "example.com", "createdFrom": "2026-01-01T00:00:00Z"},
        {"status": "SUSPENDED", "createdTo": "2026-01-01T00:00:00Z"},
        {"plan": "PRO", "status": "SUSPENDED"},
    ],
)
async def test_two_filters_at_once_are_refused_by_name(api: Api, arguments: dict[str, str]) -> None:
    error = (await api(USERS, **arguments)).error
    assert error["errorType"] == "BadRequest"
    assert "takes one filter at a time" in error["message"]
    assert all(name in error["message"] for name in arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"emailDomain": "a@example.com"}, "behind the @"),
        ({"emailDomain": "exam#ple.com"}, "domain 'exam#ple.com' is not valid"),
        ({"emailDomain": ""}, "domain '' is not valid"),
        ({"createdFrom": "2026-02-01T00:00:00Z", "createdTo": "2026-01-01T00:00:00Z"}, "must not come after createdTo"),
        ({"createdFrom": "-0044-03-15T12:00:00Z"}, "the years 1 to 9999"),
    ],
)
async def test_what_cannot_be_a_filter_is_refused_by_name(api: Api, arguments: dict[str, str], message: str) -> None:
    error = (await api(USERS, **arguments)).error
    assert (error["errorType"], message in error["message"]) == ("BadRequest", True), error


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"status": "ACTIVE"},
        {"status": "SUSPENDED"},
        {"emailDomain": "example.com"},
        {"plan": "PRO"},
        {"createdTo": "2026-01-20T00:00Z"},
    ],
    ids=str,
)
async def test_pages_of_any_size_make_up_the_whole_list(directory: Directory, arguments: dict[str, str]) -> None:
    """G19."""
    wanted = await directory.ids(limit=100, **arguments)
    chance = random.Random(SEED)
    for size in {1, 100, max(1, len(wanted)), len(wanted) + 1, *chance.sample(range(2, 70), 3)}:
        seen = [page async for page in directory.pages(limit=size, **arguments)]
        found = [item["userId"] for page in seen for item in page["items"] if item["userId"] != "admin"]
        assert found == wanted
        assert {len(page["items"]) for page in seen[:-1]} <= {size}
        assert [page["pageInfo"]["hasNextPage"] for page in seen] == [True] * (len(seen) - 1) + [False]
        assert [page["pageInfo"]["hasPreviousPage"] for page in seen] == [False] + [True] * (len(seen) - 1)


@pytest.mark.parametrize("name", ["limit", "first"])
@pytest.mark.parametrize("size", [0, 101])
async def test_a_page_of_another_size_is_refused(api: Api, name: str, size: int) -> None:
    assert (await api(USERS, **{name: size})).error["errorType"] == "LimitExceeded"


async def test_every_edge_leads_on_behind_itself(directory: Directory) -> None:
    page = (await directory.ask(first=10)).data["users"]
    for place, edge in enumerate(page["edges"][:-1]):
        following = (await directory.ask(first=1, after=edge["cursor"])).data["users"]["items"]
        assert following[0]["userId"] == page["edges"][place + 1]["node"]["userId"]


@pytest.mark.parametrize(
    "other", [{"status": "ACTIVE"}, {"emailDomain": "example.com"}, {"createdTo": "2026-01-01T00:00Z"}]
)
async def test_a_token_is_good_for_its_filter_alone(directory: Directory, other: dict[str, str]) -> None:
    token = (await directory.ask(limit=1)).data["users"]["nextToken"]
    assert (await directory.ask(nextToken=token, **other)).error["errorType"] == "InvalidCursor"


async def test_a_token_is_good_for_its_caller_alone(directory: Directory, alice: Api) -> None:
    await directory.api.store.execute(
        BatchWriteItem(puts=(UserEntity.new(alice.user_id or "", "2026-01-01T00:00:00.000Z", role="admin").to_item(),))
    )
    token = (await directory.ask(limit=1)).data["users"]["nextToken"]
    other = replace(directory, api=alice)
    assert (await other.ask(limit=1)).data
    assert (await other.ask(nextToken=token)).error["errorType"] == "InvalidCursor"
