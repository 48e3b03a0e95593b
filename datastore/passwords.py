"""Passwords: argon2id, off the event loop, no more at once than there are cores."""

import asyncio
import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import argon2

from datastore.errors import LimitExceeded
from datastore.surrogates import refuse_surrogates

SHORTEST, LONGEST = 8, 128


class PasswordHasher:
    """OWASP's least parameters: 19,456 KiB, two passes, one lane; some 55 ms of one core a hash."""

    def __init__(self, *, memory_kib: int = 19_456, passes: int = 2) -> None:
        self._argon2 = argon2.PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="argon2")

    async def hash(self, password: str) -> str:
        """The PHC string. Raises BadRequest or LimitExceeded before any work is done."""
        check_password(password)
        normal = unicodedata.normalize("NFC", password)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._argon2.hash, normal)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def check_password(password: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise LimitExceeded(f"A password must have {SHORTEST} to {LONGEST} characters; this one has {len(password)}.")
    refuse_surrogates("password", password)
