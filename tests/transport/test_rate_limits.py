"""How often callers may ask, with the fields of draft-ietf-httpapi-ratelimit-headers-10."""

from dataclasses import dataclass
from time import perf_counter

import pytest

from datastore.entities.user import Plan
from datastore.metering.account import Account
from datastore.metering.meter import Meter
from datastore.metering.totals import Totals
from datastore.policies import BUILT_IN, Policies
from transport.answers import Refused
from transport.rate_limits import MOST_BUCKETS, RateLimits

JANUARY = 1_767_225_600.0  # 2026-01-01
MONTH = 31 * 24 * 3600


@dataclass(frozen=True)
class Caller:
    user_id: str = "alice"
    api_key_id: str | None = "key-1"
    session_id: str | None = None
    plan: Plan = Plan.FREE


@dataclass
class Time:
    now: float = JANUARY

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def meter() -> Meter:
    return Meter()


@pytest.fixture
def limits(meter: Meter, time: Time) -> RateLimits:
    return RateLimits(meter, clock=time)


def policies(**changes: int) -> Policies:
    """With a free tier of three requests a second."""
    free = BUILT_IN.tiers[Plan.FREE].model_copy(update={"requests_per_second": 3, **changes})
    return Policies(BUILT_IN.config, {**BUILT_IN.tiers, Plan.FREE: free}, BUILT_IN.roles)


def refused(limits: RateLimits, caller: Caller, found: Policies) -> Refused:
    with pytest.raises(Refused) as caught:
        limits.admit(caller, found)
    assert caught.value.status == 429
    return caught.value


def test_an_answer_says_what_is_left(limits: RateLimits) -> None:
    assert limits.admit(Caller(), policies()) == {
        "RateLimit-Policy": f'"second";q=3;w=1, "month";q=1000000;w={MONTH}',
        "RateLimit": f'"second";r=2;t=1, "month";r=999999;t={MONTH}',
    }


def test_beyond_the_rate_it_is_429_and_says_when_to_come_back(limits: RateLimits, time: Time, meter: Meter) -> None:
    for _ in range(3):
        limits.admit(Caller(), policies())
    answer = refused(limits, Caller(), policies())
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["RateLimit"].startswith('"second";r=0;t=1, ')
    assert "3 requests a second" in answer.message
    (account,) = meter.accounts()
    assert account.requests.total == 3, "a refused request counts for nothing"
    time.now += 1
    limits.admit(Caller(), policies())


def test_each_key_and_each_session_has_a_bucket_of_its_own(limits: RateLimits) -> None:
    for caller in (
        Caller(),
        Caller(api_key_id="key-2"),
        Caller(api_key_id=None, session_id="s"),
        Caller("bob", "key-3"),
    ):
        for _ in range(3):
            limits.admit(caller, policies())
        refused(limits, caller, policies())


def test_another_plan_is_another_rate(limits: RateLimits) -> None:
    for _ in range(4):
        limits.admit(Caller(plan=Plan.PRO), policies())


def test_the_month_s_requests_are_the_user_s_with_whatever_key(limits: RateLimits, meter: Meter, time: Time) -> None:
    limits.admit(Caller(), policies())
    (account,) = meter.accounts()
    account.known = Totals("2026-01", requests=8)
    limits.admit(Caller(api_key_id="key-2"), policies(requests_per_month=10))
    answer = refused(limits, Caller(api_key_id="key-3"), policies(requests_per_month=10))
    assert "10 requests a month, and 10 have been made" in answer.message
    assert answer.headers["Retry-After"] == str(MONTH)
    time.now += MONTH
    limits.admit(Caller(), policies(requests_per_month=10))


def test_in_the_next_month_the_policy_is_the_month_s(limits: RateLimits, time: Time) -> None:
    time.now += MONTH + 5
    headers = limits.admit(Caller(), policies())
    assert headers["RateLimit-Policy"].endswith(f"w={28 * 24 * 3600}")
    assert headers["RateLimit"].endswith(f"t={28 * 24 * 3600 - 5}")


def test_buckets_do_not_pile_up(limits: RateLimits) -> None:
    for number in range(MOST_BUCKETS + 100):
        limits.admit(Caller(api_key_id=f"key-{number}"), policies())
    assert len(limits._buckets) == MOST_BUCKETS


def test_admitting_takes_a_few_microseconds(limits: RateLimits, meter: Meter, time: Time) -> None:
    """The bound is wide: the machine is shared. It is some 5 microseconds on a quiet one."""
    found, caller = policies(requests_per_second=10**9), Caller()
    limits.admit(caller, found)
    account: Account = meter.accounts()[0]
    account.known = Totals("2026-01")
    best = min(_seconds(limits, caller, found) for _ in range(5))
    assert best / 2000 < 50e-6


def _seconds(limits: RateLimits, caller: Caller, found: Policies) -> float:
    started = perf_counter()
    for _ in range(2000):
        limits.admit(caller, found)
    return perf_counter() - started
