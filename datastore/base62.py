"""Base62, as credentials are written, and the checksum at their end."""

import zlib

CHECK_DIGITS = 6
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def base62(number: int, digits: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 62)
        text = _ALPHABET[digit] + text
    return text.rjust(digits, "0")


def checksum(text: str) -> str:
    """The CRC32 of a text in six digits."""
    return base62(zlib.crc32(text.encode()), CHECK_DIGITS)
