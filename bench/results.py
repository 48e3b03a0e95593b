"""What was measured, reduced: medians over the rounds, and ratios between contestants."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from statistics import median


@dataclass(frozen=True)
class Figures:
    """One contestant under one operation."""

    cpu_us: float  # of the server and its children, for one request
    per_second: float
    p50_ms: float
    p99_ms: float
    resident_mb: float


@dataclass(frozen=True)
class Sample:
    """One turn of one contestant."""

    contestant: str
    operation: str
    figures: Figures


@dataclass(frozen=True)
class Ratio:
    """`over` divided by `under`, for one figure."""

    over: str
    under: str
    figure: Callable[[Figures], float]
    label: str


RATIOS = (
    Ratio("d", "a", lambda figures: figures.cpu_us, "CPU d/a"),
    Ratio("b", "d", lambda figures: figures.cpu_us, "CPU b/d"),
    Ratio("c", "d", lambda figures: figures.cpu_us, "CPU c/d"),
    Ratio("d", "b", lambda figures: figures.cpu_us, "CPU d/b"),
    Ratio("d", "c", lambda figures: figures.cpu_us, "CPU d/c"),
    Ratio("d", "c", lambda figures: figures.per_second, "requests/s d/c"),
)

Table = Mapping[tuple[str, str], Figures]  # by contestant and operation


def medians(samples: Iterable[Sample]) -> Table:
    """The median of each figure by itself, over all turns of a contestant with an operation."""
    turns: dict[tuple[str, str], list[Figures]] = {}
    for sample in samples:
        turns.setdefault((sample.contestant, sample.operation), []).append(sample.figures)
    return {
        place: Figures(**{each.name: median(getattr(turn, each.name) for turn in taken) for each in fields(Figures)})
        for place, taken in turns.items()
    }


def ratio(table: Table, wanted: Ratio, operation: str) -> float | None:
    """None where one of the two was not measured."""
    over, under = table.get((wanted.over, operation)), table.get((wanted.under, operation))
    return wanted.figure(over) / wanted.figure(under) if over and under else None
