"""AWSIPAddress: an IPv4 or IPv6 address, or a block of them."""

import re
from ipaddress import ip_interface
from typing import NewType

from schema.scalars.text_scalar import text_scalar

AWSIPAddress = NewType("AWSIPAddress", str)

# ip_interface also takes scopes (fe80::1%eth0) and netmasks (/255.0.0.0), which AppSync doesn't.
_FORM = re.compile(r"[0-9A-Fa-f:.]+(?:/(?:0|[1-9][0-9]{0,2}))?")


def check(text: str) -> None:
    if not _FORM.fullmatch(text):
        raise ValueError("write an IPv4 or IPv6 address without brackets, with a prefix length (/24) if you like.")
    try:
        ip_interface(text)
    except ValueError as error:
        raise ValueError("no IPv4 or IPv6 address is written so.") from error


AWS_IP_ADDRESS = text_scalar(
    "AWSIPAddress",
    description="An IPv4 or IPv6 address, with an optional prefix length: `127.0.0.1`, `123.45.67.89/16`, `::1`.",
    check=check,
)
