"""Series of numbers that are counted up, each at its place in one array: what is kept of a metric with closed labels.

To count is to add to a number. Processes that share the array's memory have a row each and show the sum of all rows.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from math import inf
from mmap import mmap
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

MOST_NUMBERS: Final = 512
ROW_BYTES: Final = 8 * MOST_NUMBERS
Labels = tuple[str, ...]


class Numbers:
    """`rows` in one memory; this process counts in its own `row`, and no other does."""

    def __init__(self, memory: mmap | bytearray | None = None, *, row: int = 0) -> None:
        every = memoryview(memory if memory is not None else bytearray(ROW_BYTES)).cast("d")
        self._rows = [every[at : at + MOST_NUMBERS] for at in range(0, len(every), MOST_NUMBERS)]
        self.own = self._rows[row]
        self._taken = 0

    def take(self, count: int) -> int:
        """The first of so many places that nobody has yet; in each process the same, as all take in one order."""
        first, self._taken = self._taken, self._taken + count
        if self._taken > MOST_NUMBERS:
            raise ValueError(f"There is room for {MOST_NUMBERS} numbers.")
        return first

    def total(self, place: int) -> float:
        return sum(row[place] for row in self._rows)


class Counts:
    """A counter with a series for each combination of its labels' values; one that is 0 is not shown."""

    def __init__(self, numbers: Numbers, name: str, help_text: str, **labels: Collection[str]) -> None:
        self._numbers = numbers
        self._own = numbers.own
        self._about = name, help_text, tuple(labels)
        self._places = _places(numbers, labels, width=1)

    def add(self, *labels: str) -> None:
        self._own[self._places[labels]] += 1

    def collect(self) -> Iterator[Metric]:
        name, help_text, labels = self._about
        family = CounterMetricFamily(name, help_text, labels=labels)
        for values, place in self._places.items():
            if total := self._numbers.total(place):
                family.add_metric(values, total)
        yield family


class Durations:
    """A histogram, which takes one number more than it has buckets for what is in them, and one for the sum."""

    def __init__(
        self, numbers: Numbers, name: str, help_text: str, *, buckets: Sequence[float], **labels: Collection[str]
    ) -> None:
        self._numbers = numbers
        self._own = numbers.own
        self._about = name, help_text, tuple(labels)
        self._buckets = tuple(buckets)
        self._places = _places(numbers, labels, width=len(buckets) + 2)

    def add(self, seconds: float, *labels: str) -> None:
        place = self._places[labels]
        self._own[place + bisect_left(self._buckets, seconds)] += 1
        self._own[place + len(self._buckets) + 1] += seconds

    def collect(self) -> Iterator[Metric]:
        name, help_text, labels = self._about
        family = HistogramMetricFamily(name, help_text, labels=labels)
        for values, place in self._places.items():
            cumulated, shown = 0.0, []
            for at, bound in enumerate((*self._buckets, inf)):
                cumulated += self._numbers.total(place + at)
                shown.append(("+Inf" if bound == inf else str(float(bound)), cumulated))
            if cumulated:
                family.add_metric(values, shown, self._numbers.total(place + len(self._buckets) + 1))
        yield family


def _places(numbers: Numbers, labels: Mapping[str, Collection[str]], *, width: int) -> dict[Labels, int]:
    """Sets have no order; sorted, the places are the same in each process."""
    return {values: numbers.take(width) for values in product(*(sorted(each) for each in labels.values()))}
