"""From one moment to another: what callers ask for in any offset, as the table writes moments."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from datastore.errors import BadRequest

_MILLISECOND = timedelta(milliseconds=1)
_FIRST, _LAST = "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"


@dataclass(frozen=True)
class Period:
    """Both ends are included; they are written in UTC with milliseconds, so that they compare as texts."""

    since: str = _FIRST
    until: str = _LAST

    @classmethod
    def of(cls, *, since: tuple[str, str | None], until: tuple[str, str | None]) -> Self:
        """Each end by its argument's name and what was given for it; None leaves it open. Raises BadRequest."""
        period = cls(_written(*since, up=True) or _FIRST, _written(*until, up=False) or _LAST)
        if period.since > period.until:
            raise BadRequest(f"{since[0]} must not come after {until[0]}.")
        return period

    def within(self, since: str, until: str) -> Self:
        """What of it lies within these ends; may be nothing, which touches no month."""
        return replace(self, since=max(self.since, since), until=min(self.until, until))

    def months(self) -> Iterator[str]:
        """The months that it touches, as yyyy-mm, the last one first."""
        year, month = _month(self.until)
        while self.since <= self.until and (year, month) >= _month(self.since):
            yield f"{year:04}-{month:02}"
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def _month(moment: str) -> tuple[int, int]:
    return int(moment[:4]), int(moment[5:7])


def _written(name: str, text: str | None, *, up: bool) -> str | None:
    """In whole milliseconds: rounded so that nothing outside of the period comes in."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(".Z", "Z").replace(".+", "+").replace(".-", "-")).astimezone(UTC)
        return _rounded(moment, up=up).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (ValueError, OverflowError) as error:  # AppSync's years go below 1, and an offset can lead beyond 9999
        raise BadRequest(f"{name} must lie in the years 1 to 9999.") from error


def _rounded(moment: datetime, *, up: bool) -> datetime:
    rest = moment.microsecond % 1000
    return moment + (_MILLISECOND - timedelta(microseconds=rest)) if up and rest else moment
