"""AWSDateTime: a moment, with its offset."""

from typing import NewType

from schema.scalars import iso8601
from schema.scalars.text_scalar import text_scalar

AWSDateTime = NewType("AWSDateTime", str)


def check(text: str) -> None:
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
