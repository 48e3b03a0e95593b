"""Dates, times of day and offsets as AppSync's scalars write them."""

import re
from calendar import isleap

_DATE = r"(?P<year>-?[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
# A point may stand without digits behind it: AppSync's own examples send 12:00:34. with nothing after.
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{0,9})?)?"
_OFFSET = r"(?P<offset>Z|[+-](?P<offset_hour>[0-9]{2}):(?P<offset_minute>[0-9]{2})(?::(?P<offset_second>[0-9]{2}))?)"

DATE = re.compile(rf"{_DATE}{_OFFSET}?")
TIME = re.compile(rf"{_TIME}{_OFFSET}?")
DATE_TIME = re.compile(rf"{_DATE}T{_TIME}{_OFFSET}")

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# No place on Earth is further from UTC, and AppSync's platform knows no offset beyond.
_FURTHEST_OFFSET = 18 * 3600


def match(text: str, pattern: re.Pattern[str], *, form: str) -> re.Match[str]:
    """The parts of a text of that form; `form` tells the reader what to write."""
    found = pattern.fullmatch(text)
    if not found:
        raise ValueError(f"write {form}.")
    return found


def check_date(parts: re.Match[str]) -> None:
    year, month, day = (int(parts[name]) for name in ("year", "month", "day"))
    if parts["year"] == "-0000":
        raise ValueError("the year 0 has no sign.")
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}.")
    days = 29 if month == 2 and isleap(year) else _DAYS[month - 1]
    if not 1 <= day <= days:
        raise ValueError(f"that month has no day {day}; it ends on day {days}.")


def check_time(parts: re.Match[str]) -> None:
    if int(parts["hour"]) > 23:
        raise ValueError("hours go from 00 to 23.")
    if int(parts["minute"]) > 59 or int(parts["second"] or 0) > 59:
        raise ValueError("minutes and seconds go from 00 to 59.")


def check_offset(parts: re.Match[str]) -> None:
    """An offset, where there is one."""
    if not parts["offset_hour"]:
        return
    hours, minutes, seconds = (int(parts[f"offset_{unit}"] or 0) for unit in ("hour", "minute", "second"))
    if minutes > 59 or seconds > 59:
        raise ValueError("the minutes and seconds of an offset go from 00 to 59.")
    if hours * 3600 + minutes * 60 + seconds > _FURTHEST_OFFSET:
        raise ValueError("offsets go from -18:00 to +18:00.")
