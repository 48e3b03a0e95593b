"""A clock that stands still until a test moves it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


def _start() -> datetime:
    """The real second: what an engine thinks of a time to live does not depend on when a test runs."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass
class Clock:
    now: datetime = field(default_factory=_start)

    def __call__(self) -> datetime:
        return self.now

    @property
    def seconds(self) -> int:
        return int(self.now.timestamp())

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
