"""The token bucket: never more than its rate lets through, and never less."""

from hypothesis import given
from hypothesis import strategies as st

from transport.token_bucket import TokenBucket

rates = st.integers(1, 50)
gaps = st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=200)


@given(rates, gaps)
def test_in_no_time_more_pass_than_one_burst_and_what_came_back(rate: int, pauses: list[float]) -> None:
    bucket, now, passed = TokenBucket(0.0), 0.0, []
    for pause in pauses:
        now += pause
        if bucket.take(now, rate) == 0:
            passed.append(now)
    for first, begin in enumerate(passed):
        for last in range(first, len(passed)):
            assert last - first + 1 <= rate + (passed[last] - begin) * rate + 1e-6


@given(rates, gaps)
def test_who_waits_as_long_as_he_is_told_is_let_through(rate: int, pauses: list[float]) -> None:
    bucket, now = TokenBucket(0.0), 0.0
    for pause in pauses:
        now += pause
        if wait := bucket.take(now, rate):
            assert 0 < wait <= 1 / rate + 1e-9
            now += wait + 1e-9
            assert bucket.take(now, rate) == 0


@given(rates)
def test_a_burst_is_one_second_s_tokens(rate: int) -> None:
    bucket = TokenBucket(0.0)
    assert [bucket.take(0.0, rate) == 0 for _ in range(rate + 1)] == [True] * rate + [False]
    assert bucket.left(rate) == 0


def test_a_clock_that_goes_back_gives_nothing() -> None:
    bucket = TokenBucket(10.0)
    assert bucket.take(10.0, 1) == 0
    assert bucket.take(5.0, 1) == 1
    assert bucket.take(10.5, 1) == 0.5
    assert bucket.take(11.0, 1) == 0


def test_a_rate_that_is_lowered_holds_at_once() -> None:
    bucket = TokenBucket(0.0)
    bucket.take(0.0, 1000)
    assert [bucket.take(0.0, 2) == 0 for _ in range(3)] == [True, True, False]
