"""AWSDate: a day of the calendar."""

from typing import NewType

from schema.scalars import iso8601
from schema.scalars.text_scalar import text_scalar

AWSDate = NewType("AWSDate", str)


def check(text: str) -> None:
    parts = iso8601.match(text, iso8601.DATE, form="YYYY-MM-DD, with an offset behind it (Z or ±hh:mm) if you like")
    iso8601.check_date(parts)
    iso8601.check_offset(parts)


AWS_DATE = text_scalar(
    "AWSDate",
    description="A date as `YYYY-MM-DD`, with an optional offset: `1970-01-01`, `1970-01-01Z`, `1970-01-01-07:00`.",
    check=check,
)
