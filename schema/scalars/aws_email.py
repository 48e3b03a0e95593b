"""AWSEmail: an address that mail could go to."""

import re
from typing import NewType

from schema.scalars.text_scalar import text_scalar

AWSEmail = NewType("AWSEmail", str)

# Letters of any alphabet may stand in both parts (RFC 6531). Whether the domain exists, or is one of those
# that never do, is not a question for a type: user@localhost and user@example.test are addresses.
_ATOM = r"[^\s()<>\[\]:;@\\,.\"]+"
_QUOTED = r"\"(?:[^\"\\\r\n]|\\[^\r\n])*\""
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*|{_QUOTED}")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def check(text: str) -> None:
    local, at, domain = text.rpartition("@")
    if not at:
        raise ValueError("write name@domain; it has no @.")
    if not (_LOCAL.fullmatch(local) and local.isprintable()):
        raise ValueError("what stands before the @ is no name of a mailbox.")
    if not _DOMAIN.fullmatch(domain):
        raise ValueError("what stands after the @ is no domain.")
    if len(local.encode()) > 64 or len(text.encode()) > 254:
        raise ValueError("it is too long; at most 64 bytes stand before the @, and 254 in all.")


AWS_EMAIL = text_scalar(
    "AWSEmail", description="An email address as RFC 822 has it: `username@example.com`.", check=check
)
