"""AWSDateTime: a moment, with its offset."""

import re
from typing import NewType

from schema.scalars import iso8601
from schema.scalars.text_scalar import text_scalar

AWSDateTime = NewType("AWSDateTime", str)

# What this service writes itself, on days that every month has: right at a glance. A list shows a hundred of them.
_PLAIN = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?Z"
).fullmatch


class Unchecked(str):
    """A text from the table that is to be checked before it goes out; where it is a plain str, it has been."""

    __slots__ = ()


def unless_plain(text: str) -> str:
    """Unchecked, unless it is right at a glance."""
    return text if _PLAIN(text) else Unchecked(text)


def check(text: str) -> None:
    if _PLAIN(text):
        return
    parts = iso8601.match(
        text, iso8601.DATE_TIME, form="YYYY-MM-DDThh:mm[:ss[.sss]] and an offset, Z or ±hh:mm, which is required"
    )
    iso8601.check_date(parts)
    iso8601.check_time(parts)
    iso8601.check_offset(parts)


AWS_DATE_TIME = text_scalar(
    "AWSDateTime",
    description="A moment as `YYYY-MM-DDThh:mm[:ss[.sss]]` with a compulsory offset: `1970-01-01T12:00:00Z`.",
    check=check,
)
