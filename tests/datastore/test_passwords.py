"""Passwords: argon2id in PHC form, off the event loop, refused unhashed outside their bounds (A5, A6, A7)."""

import asyncio
import statistics
import time
from collections.abc import Iterator

import argon2
import pytest

from datastore.errors import BadRequest, LimitExceeded
from datastore.operations import HashPassword
from datastore.passwords import PasswordHasher, check_password


@pytest.fixture
def hasher() -> Iterator[PasswordHasher]:
    made = PasswordHasher(memory_kib=8, passes=1)
    yield made
    made.close()


async def test_the_hash_is_argon2id_of_owasp_s_least_parameters_or_more() -> None:
    hasher = PasswordHasher()
    stored = argon2.extract_parameters(await hasher.hash("correct horse"))
    hasher.close()
    assert stored.type is argon2.Type.ID
    assert stored.version == 19
    assert stored.memory_cost >= 19_456
    assert stored.time_cost >= 2
    assert stored.parallelism == 1
    assert stored.salt_len >= 16
    assert stored.hash_len >= 32


async def test_the_hash_verifies_its_password_and_no_other(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("correct horse")
    assert argon2.PasswordHasher().verify(stored, "correct horse")
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        argon2.PasswordHasher().verify(stored, "correct horsf")


async def test_one_password_is_never_hashed_alike_twice(hasher: PasswordHasher) -> None:
    assert await hasher.hash("correct horse") != await hasher.hash("correct horse")


async def test_a_password_is_one_however_its_accents_are_written(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("cafe\u0301 noir")
    assert argon2.PasswordHasher().verify(stored, "caf\u00e9 noir")


async def test_nfkc_would_weaken_a_password_and_is_not_applied(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("ﬁre and ﬂame")
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        argon2.PasswordHasher().verify(stored, "fire and flame")


@pytest.mark.parametrize("password", ["x" * 8, "x" * 128, "\U0001f600" * 8, " " * 8])
def test_8_to_128_characters_are_taken(password: str) -> None:
    check_password(password)


@pytest.mark.parametrize("length", [0, 7, 129, 1_000_000])
async def test_another_length_is_refused_with_it_and_the_bounds(hasher: PasswordHasher, length: int) -> None:
    with pytest.raises(LimitExceeded, match=f"8 to 128 characters; this one has {length}"):
        await hasher.hash("x" * length)


async def test_half_a_surrogate_pair_is_refused_and_not_repeated(hasher: PasswordHasher) -> None:
    with pytest.raises(BadRequest, match="lone surrogate") as refused:
        await hasher.hash("hunter2hunter2\ud800")
    assert "hunter2" not in refused.value.message


async def test_the_event_loop_goes_on_while_passwords_are_hashed() -> None:
    hasher = PasswordHasher(passes=8)
    hashing = asyncio.gather(*(hasher.hash("correct horse") for _ in range(4)))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    hasher.close()
    assert len(set(hashing.result())) == 4
    assert turns > 10  # a hash on the loop itself would let it turn once for each of the four


def test_a_password_does_not_show_in_the_operation_s_text() -> None:
    assert "correct horse" not in repr(HashPassword("correct horse"))


class TestVerifying:
    async def test_tells_the_password_from_any_other(self, hasher: PasswordHasher) -> None:
        stored = await hasher.hash("caf\u00e9 noir")
        assert await hasher.verify("cafe\u0301 noir", stored)
        for wrong in ("caf\u00e9 noirs", "", " ", "x" * 128):
            assert not await hasher.verify(wrong, stored)

    async def test_against_no_hash_fails_whatever_the_password(self, hasher: PasswordHasher) -> None:
        assert not await hasher.verify("correct horse", None)

    async def test_works_as_hard_against_no_hash(self) -> None:
        """The CPU's time, not the clock's: a machine that is busy elsewhere does not count (A7)."""
        hasher = PasswordHasher(memory_kib=2048, passes=1)
        stored = await hasher.hash("correct horse")
        spent: dict[str | None, list[float]] = {stored: [], None: []}
        for _ in range(200):
            for against, times in spent.items():
                start = time.process_time()
                await hasher.verify("wrong horse", against)
                times.append(time.process_time() - start)
        hasher.close()
        known, unknown = (statistics.median(times) for times in spent.values())
        assert abs(known - unknown) < 0.1 * known

    @pytest.mark.parametrize("against", [None, "$argon2id$"])
    async def test_refuses_more_than_128_characters_without_work(
        self, hasher: PasswordHasher, against: str | None
    ) -> None:
        with pytest.raises(LimitExceeded, match="this one has 129"):
            await hasher.verify("x" * 129, against)

    async def test_refuses_half_a_surrogate_pair(self, hasher: PasswordHasher) -> None:
        with pytest.raises(BadRequest, match="lone surrogate"):
            await hasher.verify("hunter2\ud800", None)

    async def test_finds_what_was_hashed_with_lesser_parameters(self, hasher: PasswordHasher) -> None:
        stored = await hasher.hash("correct horse")
        stronger = PasswordHasher(memory_kib=16, passes=1)
        assert not hasher.is_outdated(stored)
        assert stronger.is_outdated(stored)
        assert await stronger.verify("correct horse", stored)
        stronger.close()
