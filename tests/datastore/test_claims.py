"""Whether what lies under a claim may be read before the claim is known to hold."""

import pytest

from datastore.access_patterns import PrimaryKey
from datastore.claims import Claims


def claim(number: int) -> PrimaryKey:
    return PrimaryKey("USER#alice", f"NS#{number}")


@pytest.fixture
def claims() -> Claims:
    return Claims(size=3)


def test_one_that_is_not_known_may_once(claims: Claims) -> None:
    assert [claims.may_read_ahead(claim(1)) for _ in range(3)] == [True, False, False]


def test_one_that_held_may_as_often_as_it_likes(claims: Claims) -> None:
    claims.settle(claim(1), held=True)
    assert all(claims.may_read_ahead(claim(1)) for _ in range(3))


def test_one_that_did_not_hold_may_not_until_it_does(claims: Claims) -> None:
    claims.settle(claim(1), held=True)
    claims.settle(claim(1), held=False)
    assert not claims.may_read_ahead(claim(1))
    claims.settle(claim(1), held=True)
    assert claims.may_read_ahead(claim(1))


def test_one_is_no_other(claims: Claims) -> None:
    claims.settle(claim(1), held=False)
    assert claims.may_read_ahead(claim(2))


def test_no_more_are_known_than_the_size_and_the_longest_unasked_goes(claims: Claims) -> None:
    for number in (1, 2, 3, 1, 4):
        claims.settle(claim(number), held=False)
    assert not any(claims.may_read_ahead(claim(number)) for number in (1, 3, 4))
    assert claims.may_read_ahead(claim(2))
