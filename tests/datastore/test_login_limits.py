"""How often a password may be tried, by account and by address (A8)."""

import pytest

from datastore.login_limits import Allowance, LoginLimits


class Ticking:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def limits(clock: Ticking) -> LoginLimits:
    return LoginLimits(clock=clock, per_account=Allowance(3, 60), per_address=Allowance(5, 10))


def admitted(limits: LoginLimits, account: str = "ann", address: str = "10.0.0.1", *, times: int = 20) -> int:
    return sum(not limits.admit(account, address).refused for _ in range(times))


def test_an_account_has_so_many_attempts_at_once(limits: LoginLimits) -> None:
    assert [limits.admit("ann", "10.0.0.1").left for _ in range(3)] == [2, 1, 0]
    refused = limits.admit("ann", "10.0.0.1")
    assert (refused.refused, refused.wait_seconds) == (True, 60)


def test_whoever_waits_as_long_as_he_is_told_has_one_more(limits: LoginLimits, clock: Ticking) -> None:
    admitted(limits)
    clock.now += 59
    assert limits.admit("ann", "10.0.0.2").wait_seconds == 1
    clock.now += 1
    assert admitted(limits, address="10.0.0.2") == 1


def test_whoever_waits_long_has_all_again_and_no_more(limits: LoginLimits, clock: Ticking) -> None:
    admitted(limits)
    clock.now += 100_000
    assert admitted(limits, times=4) == 3


def test_an_account_is_counted_from_all_addresses(limits: LoginLimits) -> None:
    assert sum(admitted(limits, address=f"10.0.0.{n}", times=1) for n in range(10)) == 3


def test_an_address_is_counted_over_all_accounts(limits: LoginLimits) -> None:
    assert sum(admitted(limits, f"user{n}", times=1) for n in range(10)) == 5


def test_an_address_that_is_refused_locks_nobody_out(limits: LoginLimits) -> None:
    for n in range(5):
        limits.admit(f"user{n}", "6.6.6.6")
    assert admitted(limits, "ann", "6.6.6.6") == 0
    assert admitted(limits, "ann", "10.0.0.1") == 3


def test_success_gives_the_account_all_back_and_the_address_one(limits: LoginLimits) -> None:
    admitted(limits, times=3)
    limits.forgive("ann", "10.0.0.1")
    assert limits.admit("ann", "10.0.0.9").left == 2
    assert admitted(limits, "bob") == 3
    assert admitted(limits, "cid", times=1) == 0  # 3 - 1 + 3 of 5


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "", True),
    ],
)
def test_an_ipv6_client_is_its_network(clock: Ticking, one: str, other: str, same: bool) -> None:
    limits = LoginLimits(clock=clock, per_address=Allowance(1, 10))
    limits.admit("ann", one)
    assert limits.admit("bob", other).refused is same


def test_of_more_names_than_are_kept_the_oldest_is_forgotten(clock: Ticking) -> None:
    limits = LoginLimits(clock=clock, per_account=Allowance(1, 1e6), per_address=Allowance(10**7, 1e-9))
    for n in range(100_001):
        limits.admit(f"user{n}", "10.0.0.1")
    assert not limits.admit("user0", "10.0.0.1").refused
    assert limits.admit("user100000", "10.0.0.1").refused
