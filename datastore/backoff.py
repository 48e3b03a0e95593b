"""How long to wait before trying again: exponential, with full jitter."""

import asyncio
import random

FIRST_SECONDS = 0.02
LONGEST_SECONDS = 1.0


async def pause(attempt: int) -> None:
    """Wait a random time that may be twice as long at each attempt (0, 1, 2 …)."""
    longest = min(LONGEST_SECONDS, FIRST_SECONDS * 2**attempt)
    await asyncio.sleep(random.uniform(0, longest))  # noqa: S311 - jitter, not a secret
