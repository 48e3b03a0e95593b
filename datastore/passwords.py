"""Passwords: argon2id, off the event loop, no more at once than there are cores."""

import asyncio
import base64
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2
from argon2.exceptions import VerifyMismatchError

from datastore.errors import LimitExceeded
from datastore.surrogates import refuse_surrogates

SHORTEST, LONGEST = 8, 128

T = TypeVar("T")


class PasswordHasher:
    """OWASP's least parameters: 19,456 KiB, two passes, one lane; some 55 ms of one core a hash."""

    def __init__(self, *, memory_kib: int = 19_456, passes: int = 2) -> None:
        self._argon2 = argon2.PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="argon2")
        self._nobodys = _hash_of_nothing(self._argon2)

    async def hash(self, password: str) -> str:
        """The PHC string. Raises BadRequest or LimitExceeded before any work is done."""
        check_password(password)
        return await self._in_thread(lambda: self._argon2.hash(_normal(password)))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether this is the password; as much work without a hash as with one of today's parameters.

        Raises BadRequest or LimitExceeded before any work is done, whoever's password it is.
        """
        check_length(password, shortest=0)
        refuse_surrogates("password", password)
        matches = await self._in_thread(lambda: self._matches(stored or self._nobodys, _normal(password)))
        return matches and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the parameters have changed since this was hashed."""
        return self._argon2.check_needs_rehash(stored)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._argon2.verify(stored, password)
        except VerifyMismatchError:
            return False

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def check_password(password: str) -> None:
    check_length(password, shortest=SHORTEST)
    refuse_surrogates("password", password)


def check_length(password: str, *, shortest: int) -> None:
    if not shortest <= len(password) <= LONGEST:
        raise LimitExceeded(f"A password must have {SHORTEST} to {LONGEST} characters; this one has {len(password)}.")


def _normal(password: str) -> str:
    """However its accents were typed. NFKC would make different passwords one."""
    return unicodedata.normalize("NFC", password)


def _hash_of_nothing(hasher: argon2.PasswordHasher) -> str:
    """A PHC string of the hasher's parameters that no password is known for."""
    salt, digest = (base64.b64encode(os.urandom(size)).decode().rstrip("=") for size in (16, 32))
    parameters = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${parameters}${salt}${digest}"
