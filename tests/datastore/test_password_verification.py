"""A password is looked at within the limits only, and what is found says what to do next (A5, A8)."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from datastore.login_limits import Allowance, LoginLimits
from datastore.operations import PasswordVerdict, VerifyPassword
from datastore.password_verification import PasswordVerification
from datastore.passwords import PasswordHasher

WRONG = VerifyPassword("wrong horse", None, account="ann@example.com", address="10.0.0.1")


@pytest.fixture
async def hasher() -> AsyncIterator[PasswordHasher]:
    made = PasswordHasher(memory_kib=8, passes=1)
    yield made
    made.close()


def verification(hasher: PasswordHasher) -> PasswordVerification:
    limits = LoginLimits(clock=lambda: 0.0, per_account=Allowance(3, 60))
    return PasswordVerification(hasher, limits)


async def test_the_last_attempt_is_told_apart_and_the_next_is_not_looked_at(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("correct horse")
    check = verification(hasher)
    found = [await check.verify(WRONG) for _ in range(4)]
    assert found == [PasswordVerdict(), PasswordVerdict(), PasswordVerdict(last=True), PasswordVerdict(wait_seconds=60)]
    right = await check.verify(replace(WRONG, password="correct horse", stored=stored))
    assert (right.matches, right.wait_seconds) == (False, 60)


async def test_the_right_password_forgives_the_wrong_ones(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("correct horse")
    check = verification(hasher)
    for _ in range(10):
        assert not (await check.verify(WRONG)).last
        assert await check.verify(replace(WRONG, password="correct horse", stored=stored)) == PasswordVerdict(True)


async def test_the_right_password_with_lesser_parameters_is_to_be_hashed_again(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("correct horse")
    stronger = PasswordHasher(memory_kib=16, passes=1)
    attempt = replace(WRONG, password="correct horse", stored=stored)
    assert await verification(stronger).verify(attempt) == PasswordVerdict(matches=True, outdated=True)
    stronger.close()


def test_neither_the_password_nor_its_hash_shows_in_the_operation_s_text() -> None:
    shown = repr(VerifyPassword("correct horse", "$argon2id$", account="ann@example.com", address="10.0.0.1"))
    assert "correct horse" not in shown
    assert "argon2" not in shown
