"""Batches, descriptions and inputs: small rules, each with its bounds."""

import pytest

from datastore.errors import BadRequest, LimitExceeded
from resolvers.batches import check_batch
from resolvers.descriptions import check_description
from resolvers.inputs import CheckKey, DeleteKey, KeyWrite, PutKey

PUT, DELETE, CHECK = PutKey("shop", "p", 1), DeleteKey("shop", "d"), CheckKey("shop", "c", 1)


def test_a_batch_has_1_to_500_keys() -> None:
    check_batch(1)
    check_batch(500)
    with pytest.raises(BadRequest, match="at least one"):
        check_batch(0)
    with pytest.raises(LimitExceeded, match="1 to 500 keys; 501 were given"):
        check_batch(501)


def test_a_description_has_at_most_1000_characters() -> None:
    assert check_description(None) is None
    assert check_description("é" * 1000) == "é" * 1000
    with pytest.raises(LimitExceeded, match="at most 1000 characters; this one has 1001"):
        check_description("x" * 1001)


@pytest.mark.parametrize(
    ("write", "one"),
    [(KeyWrite(put=PUT), PUT), (KeyWrite(delete=DELETE), DELETE), (KeyWrite(check=CHECK), CHECK)],
)
def test_a_write_is_one_of_the_three(write: KeyWrite, one: PutKey | DeleteKey | CheckKey) -> None:
    assert (write.one, write.namespace, write.key) == (one, "shop", one.key)


@pytest.mark.parametrize(("write", "count"), [(KeyWrite(), 0), (KeyWrite(put=PUT, check=CHECK), 2)])
def test_none_or_more_than_one_is_refused_with_their_number(write: KeyWrite, count: int) -> None:
    with pytest.raises(BadRequest, match=f"this one has {count}"):
        _ = write.one
