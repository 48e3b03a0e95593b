"""AWSTime: a time of day."""

from typing import NewType

from schema.scalars import iso8601
from schema.scalars.text_scalar import text_scalar

AWSTime = NewType("AWSTime", str)


def check(text: str) -> None:
    parts = iso8601.match(text, iso8601.TIME, form="hh:mm, hh:mm:ss or hh:mm:ss.sss, with an offset if you like")
    iso8601.check_time(parts)
    iso8601.check_offset(parts)


AWS_TIME = text_scalar(
    "AWSTime",
    description="A time of day as `hh:mm[:ss[.sss]]`, with an optional offset: `12:30`, `12:30:24.500+05:30`.",
    check=check,
)
