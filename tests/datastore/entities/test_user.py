"""A user's item and the index entries by which the directory finds it."""

import pytest

from datastore.entities.user import UserEntity, fold_email
from tests.datastore.stores import MOMENT


def test_a_new_user_is_listed_by_month_and_email_domain() -> None:
    assert UserEntity.new("alice", MOMENT, email="Alice@Example.COM", passwordHash="$argon2id$").to_item() == {
        "PK": "USER#alice",
        "SK": "METADATA",
        "GSI2PK": "DOMAIN#example.com",
        "GSI2SK": "EMAIL#alice@example.com",
        "GSI3PK": "USERS#2026-01",
        "GSI3SK": f"TIMESTAMP#{MOMENT}#alice",
        "entityType": "USER",
        "userId": "alice",
        "email": "Alice@Example.COM",
        "passwordHash": "$argon2id$",
        "createdAt": MOMENT,
        "updatedAt": MOMENT,
    }


def test_a_user_without_email_is_in_no_domain() -> None:
    assert not UserEntity.new("admin", MOMENT).to_item().keys() & {"email", "GSI2PK", "GSI2SK"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("A@X.ORG", "a@x.org"), ("josé@x.org", "jose\u0301@x.org"), ("straße@x.org", "STRASSE@x.org")],
)
def test_two_spellings_of_an_address_are_one(one: str, other: str) -> None:
    assert fold_email(one) == fold_email(other)
