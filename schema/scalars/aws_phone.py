"""AWSPhone: a telephone number."""

import re
from typing import NewType

from schema.scalars.text_scalar import text_scalar

AWSPhone = NewType("AWSPhone", str)

_FORM = re.compile(r"(?P<plus>\+?)[0-9]+(?:[ -][0-9]+)*")
_NORTH_AMERICAN = re.compile(r"1?[2-9][0-9]{2}[2-9][0-9]{6}")
_INTERNATIONAL = re.compile(r"[1-9][0-9]{6,14}")


def check(text: str) -> None:
    form = _FORM.fullmatch(text)
    if not form:
        raise ValueError("write digits, in groups split by a space or a hyphen, with + and the country code in front.")
    digits = re.sub("[^0-9]", "", text)
    if (not form["plus"] or digits.startswith("1")) and not _NORTH_AMERICAN.fullmatch(digits):
        raise ValueError("it is no North American number of ten digits; other countries need + and their code.")
    if form["plus"] and not _INTERNATIONAL.fullmatch(digits):
        raise ValueError("a country code and a number have 7 to 15 digits and don't start with 0.")


AWS_PHONE = text_scalar(
    "AWSPhone",
    description="A telephone number: `+44 20 7946 0018`; without a country code a North American one, `555-764-4377`.",
    check=check,
)
