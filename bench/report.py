"""The table that is printed: a row for each contestant and operation, then the ratios."""

from collections.abc import Iterator, Sequence

from bench.contestants import Contestant
from bench.operations import OPERATIONS
from bench.results import RATIOS, Table, ratio

HEADER = (
    f"{'':2} {'contestant':28} {'operation':9} {'CPU µs':>9} {'requests/s':>11} {'p50 ms':>8} {'p99 ms':>8} {'MB':>6}"
)


def table_text(table: Table, contestants: Sequence[Contestant]) -> str:
    return "\n".join([HEADER, "-" * len(HEADER), *_rows(table, contestants), *_ratios(table)])


def _rows(table: Table, contestants: Sequence[Contestant]) -> Iterator[str]:
    for operation in OPERATIONS:
        for each in contestants:
            row = table[each.letter, operation.name]
            yield (
                f"{each.letter:2} {each.name:28} {operation.name:9} {row.cpu_us:9,.0f} {row.per_second:11,.0f}"
                f" {row.p50_ms:8,.2f} {row.p99_ms:8,.2f} {row.resident_mb:6,.0f}"
            )


def _ratios(table: Table) -> Iterator[str]:
    names = [operation.name for operation in OPERATIONS]
    yield "\n" + f"{'ratio':18}" + "".join(f"{name:>10}" for name in names)
    for wanted in RATIOS:
        found = [ratio(table, wanted, name) for name in names]
        if None not in found:
            yield f"{wanted.label:18}" + "".join(f"{value:>10.3f}" for value in found)
