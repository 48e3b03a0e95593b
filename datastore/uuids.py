"""Random ids as RFC 9562 writes them: UUIDs of version 4."""

import os
from typing import Final

_VARIANTS: Final = "89ab89ab89ab89ab"  # two random bits, behind 10
# What one call of the kernel gives the randomness of: a call for each was most of an id's cost.
_AT_ONCE: Final = 256
_kept: Final[list[str]] = []


def make_uuid() -> str:
    """What str(uuid.uuid4()) gives, and as hard to guess, at a quarter of its cost: each request and write has one."""
    try:
        digits = _kept.pop()
    except IndexError:
        digits = _more()
    variant = _VARIANTS[int(digits[16], 16)]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def _more() -> str:
    digits = os.urandom(16 * _AT_ONCE).hex()
    _kept.extend(digits[start : start + 32] for start in range(32, len(digits), 32))
    return digits[:32]


os.register_at_fork(after_in_child=_kept.clear)  # or parent and child would go on with the same
