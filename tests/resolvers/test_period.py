"""Periods: ends in any offset, both included; and the months that they touch."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datastore.errors import BadRequest
from resolvers.period import Period

offsets = st.integers(-18 * 60, 18 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=offsets)


def period(since: str | None = None, until: str | None = None) -> Period:
    return Period.of(since=("from", since), until=("to", until))


def stored(moment: datetime) -> str:
    """As ctx.timestamp writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@given(first=moments, second=moments, other=moments)
def test_a_moment_is_within_exactly_if_it_lies_between_the_ends(
    first: datetime, second: datetime, other: datetime
) -> None:
    since, until = sorted((first, second))
    other = other.replace(microsecond=other.microsecond // 1000 * 1000)
    if since + timedelta(milliseconds=1) > until:
        return
    asked = period(since.isoformat(), until.isoformat())
    assert (asked.since <= stored(other) <= asked.until) == (since <= other <= until)


@pytest.mark.parametrize(
    "text",
    ["2026-01-02T03:04Z", "2026-01-02T03:04:00Z", "2026-01-02T03:04:00.Z", "2026-01-02T05:04:00.000000000+02:00"],
)
def test_every_spelling_that_the_scalar_takes_is_the_same_moment(text: str) -> None:
    assert period(text, text) == Period("2026-01-02T03:04:00.000Z", "2026-01-02T03:04:00.000Z")


def test_an_end_that_is_not_given_is_open() -> None:
    asked = period()
    assert asked == Period()
    assert asked.since < stored(datetime(1970, 1, 1, tzinfo=UTC)) < asked.until


@pytest.mark.parametrize(
    "text", ["-0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+18:00", "9999-12-31T23:59:59-18:00"]
)
def test_a_year_beyond_the_calendar_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadRequest, match="from must lie in the years 1 to 9999"):
        period(text)


def test_ends_the_wrong_way_round_are_refused_by_name() -> None:
    with pytest.raises(BadRequest, match="from must not come after to"):
        period("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z")


def test_the_months_come_last_first() -> None:
    asked = period("2025-11-30T23:59:59Z", "2026-02-01T00:00:00Z")
    assert list(asked.months()) == ["2026-02", "2026-01", "2025-12", "2025-11"]


@given(first=moments, second=moments)
def test_the_months_are_those_of_the_moments_within_and_no_others(first: datetime, second: datetime) -> None:
    since, until = sorted((first, second))
    months = list(Period(stored(since), stored(min(until, since + timedelta(days=4000)))).months())
    assert months == sorted(set(months), reverse=True)
    assert (months[-1], months[0]) == (
        stored(since)[:7],
        stored(min(until, since + timedelta(days=4000)))[:7],
    )
    assert all(month[5:] in {f"{number:02}" for number in range(1, 13)} for month in months)
