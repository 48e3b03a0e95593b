"""Ids that sort by time: 48 bits of milliseconds and 80 random ones, as https://github.com/ulid/spec writes them."""

from datetime import datetime

RANDOM_BYTES = 10
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DIGITS = 26


def make_ulid(now: datetime, random: bytes) -> str:
    number = (int(now.timestamp() * 1000) << 8 * RANDOM_BYTES) + int.from_bytes(random)
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_DIGITS)))
