"""Ids that sort by time."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from datastore.key_templates import PARTS
from datastore.ulids import make_ulid

moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(9999, 1, 1), timezones=st.just(UTC))
random_bytes = st.binary(min_size=10, max_size=10)


def test_one_is_written_as_the_specification_writes_it() -> None:
    """Its example of a time, https://github.com/ulid/javascript: 1469918176385 is 01ARYZ6S41."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1_469_918_176_385)
    assert make_ulid(moment, bytes(10)) == "01ARYZ6S41" + "0" * 16
    assert make_ulid(moment, b"\xff" * 10) == "01ARYZ6S41" + "Z" * 16


@given(moment=moments, random=random_bytes)
def test_every_one_can_stand_in_a_key(moment: datetime, random: bytes) -> None:
    assert re.fullmatch(PARTS["ulid"], make_ulid(moment, random))


@given(first=moments, second=moments, random=st.tuples(random_bytes, random_bytes))
def test_a_later_one_sorts_later(first: datetime, second: datetime, random: tuple[bytes, bytes]) -> None:
    earlier, later = sorted((first, second))
    if later - earlier >= timedelta(milliseconds=1):
        assert make_ulid(earlier, random[0]) < make_ulid(later, random[1])
